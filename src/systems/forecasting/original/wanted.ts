/** How a model is asked to be initialised, everything said. */
export interface Wanted {
  backend: "cpu" | "gpu" | "tpu";
  contextLen: number;
  horizonLen: number;
  /** The library's id, or that of a built-in model; goes without `localPath`. */
  checkpoint: string;
  localPath?: string | undefined;
}

/** Whether both ask for the same. */
export function isSameWanted(left: Wanted, right: Wanted): boolean {
  const parts = ({ backend, contextLen, horizonLen, checkpoint, localPath }: Wanted) =>
    JSON.stringify([backend, contextLen, horizonLen, checkpoint, localPath ?? null]);
  return parts(left) === parts(right);
}
