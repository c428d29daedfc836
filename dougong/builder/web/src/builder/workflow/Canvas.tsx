/** The canvas of a workflow. */
export function Canvas() {
  return <div />;
}
