/** Lists of elements that have a uid: moved without losing who they are. */

/** Before another one; to the end where `before` is not there. */
export function moved<T extends { uid: string }>(items: readonly T[], uid: string, before: string | undefined): T[] {
  const item = items.find((one) => one.uid === uid);
  if (!item || before === uid) return items as T[];
  const rest = items.filter((one) => one !== item);
  const index = rest.findIndex((one) => one.uid === before);
  const next = rest.toSpliced(index < 0 ? rest.length : index, 0, item);
  return next.every((one, at) => one === items[at]) ? (items as T[]) : next;
}

export function nudged<T extends { uid: string }>(items: readonly T[], uid: string, by: -1 | 1): T[] {
  const index = items.findIndex((one) => one.uid === uid);
  const to = index + by;
  if (index < 0 || to < 0 || to >= items.length) return items as T[];
  return items.toSpliced(index, 1).toSpliced(to, 0, items[index] as T);
}
