/** What stands in the form of a task comes along with its dialogs: a verb that is refused loses nothing of it, and whoever agrees and has
 *  others sign after him has filled it in. */
export function along(): void {
  document.addEventListener('formdata', ({ target, formData }) => {
    const task = document.getElementById((target as HTMLFormElement).dataset.along ?? '');
    if (!(task instanceof HTMLFormElement)) return;
    for (const [name, value] of new FormData(task)) {
      if (/^((f|who)\..*|signature)$/.test(name)) formData.append(name, value);
      if (name === 'opinion') formData.append('own_opinion', value);
    }
  });
}
