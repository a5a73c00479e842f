import { parameterNames } from "../fred";
import { InputFault, unpackInput } from "../input/unpack";

export interface NamesPiece {
  /** The uploaded ZIP; empty where there is none. */
  input: Uint8Array;
  main: string;
}

/** Names of what a run of a model can be given, in a thread; null where the model cannot be read. */
export function namesPiece({ input, main }: NamesPiece): readonly string[] | null {
  try {
    // Without an input the built-in model runs.
    const files = input.byteLength === 0 ? {} : unpackInput(input);
    return parameterNames({ files, main }) ?? null;
  } catch (error) {
    if (!(error instanceof InputFault)) throw error;
    // The run itself tells what is wrong with its input.
    return null;
  }
}
