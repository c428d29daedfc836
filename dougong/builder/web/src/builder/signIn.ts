/** Where one signs in again and comes back to what is open. */
export function signInAddress(): string {
  return `/sign-in?next=${encodeURIComponent(location.pathname)}`;
}
