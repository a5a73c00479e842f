/** The process that ran a handler is gone; nothing is known of its work. */
export class ProcessLost extends Error {
  override readonly name = "ProcessLost";
}
