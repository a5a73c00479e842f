/** What a program did that ends its run; the engine adds who did it, in which state, on which day. */
export class RunError extends Error {
  override readonly name = "RunError";
}
