/**
 * Why Spacescope did not give what was asked for, as a sentence that holds no secret.
 *
 * - `transient`: the network or the service failed; the same request may succeed later.
 * - `final`: no repetition helps, such as a refused token; a person has to do something.
 * - `data`: the service answered, but not with figures that can be used for these dates.
 */
export class SpacescopeFault extends Error {
  override readonly name = "SpacescopeFault";
  readonly kind: "transient" | "final" | "data";
  /** How long the service asks to be left alone. */
  readonly retryAfterMs: number | undefined;

  constructor(kind: SpacescopeFault["kind"], sentence: string, retryAfterMs?: number) {
    super(sentence);
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
  }
}
