/** The dialogs of the frame, loaded together when the first of them is opened. */
export { ConflictDialog } from './ConflictDialog';
export { KeptDialog } from './KeptDialog';
export { KeysDialog } from './KeysDialog';
export { PreviewDialog } from './PreviewDialog';
export { PublishDialog } from './PublishDialog';
export { RemovalDialog } from './RemovalDialog';
export { TextsDialog } from './TextsDialog';
export { UsesDialog } from './UsesDialog';
export { VersionsDialog } from './VersionsDialog';
