import type { Property } from "../syntax/ast";
import { nearest } from "../syntax/nearest";
import { SourceError } from "../syntax/source";

/** The number that a property has; properties are known before the first hour and so cannot be calculated. */
export function literalNumber({ name, value, valueAt }: Property): number {
  if (!/^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value))
    throw new SourceError(valueAt, `${name} must be a number as it is written, not ${value}`);
  return Number(value);
}

/** The last of equal properties, by name; one that is not known is a fault. */
export function lastOf(properties: readonly Property[], known: readonly string[], of: string): Map<string, Property> {
  const last = new Map<string, Property>();
  for (const property of properties) {
    if (!known.includes(property.name))
      throw new SourceError(property.at, `${of} has no property ${property.name}${nearest(property.name, known)}`);
    last.set(property.name, property);
  }
  return last;
}
