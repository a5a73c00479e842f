import type { Model, Warning } from "../model";

/** A model that is ready, and what is told of it with every answer. */
export interface OpenedModel {
  model: Model;
  stamp: ModelStamp;
  warnings: readonly Warning[];
}

/** By what a forecast can be had again. */
interface ModelStamp {
  /** SHA-256 of the weights; null for a built-in model. */
  digest: string | null;
  /** What computed it: a card's name, or `CPU`. */
  device: string;
  precision: "f32" | "int8" | "f64";
}
