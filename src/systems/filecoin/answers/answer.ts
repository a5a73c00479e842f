/** What goes back to a caller, written out. The bytes have a buffer of their own, which can be handed to another thread. */
export interface Answer {
  bytes: Uint8Array<ArrayBuffer>;
  contentType: string;
}
