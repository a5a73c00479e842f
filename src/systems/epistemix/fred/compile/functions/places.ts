import type { NumberOf } from "../../engine/condition";
import { RunError } from "../../engine/errors";
import type { World } from "../../engine/world";
import { PLACE_NAMES } from "../../people/population";
import type { Expression } from "../../syntax/ast";
import { SourceError } from "../../syntax/source";
import { type Compiler, numberOf, placeOf } from "../context";
import { distance } from "./arithmetic";
import { type FunctionEntry, numeric } from "./entry";
import { placeAt } from "./people";

type Coordinate = "latitude" | "longitude" | "elevation";

const HOUSEHOLD = PLACE_NAMES.indexOf("Household");

/** A figure of a place, of a file's where it is of the program's own kinds. */
function figureOf(world: World, coordinate: Coordinate, kind: number, place: number): number {
  if (place < 0) throw new RunError(`${coordinate} of a place that the agent has not`);
  if (kind < PLACE_NAMES.length) {
    if (coordinate === "elevation") throw new RunError("no figure says how high places lie");
    return world.positionOf(kind, place)[coordinate];
  }
  for (const { kind: of, first, file, ...brought } of world.brought.places.values()) {
    const row = place - first;
    if (of !== kind || row < 0 || row >= file.rows.length) continue;
    const figure = file.rows[row]![brought[coordinate]];
    if (figure !== undefined && !Number.isNaN(figure)) return figure;
  }
  throw new RunError(`no file says the ${coordinate} of this place`);
}

/** The kind and the place of what an expression names: a kind, of which it is the agent's own; `Self`, its home; a number. */
function placeBy(compiler: Compiler, arg: Expression): (agent: number) => { kind: number; place: number } {
  const { world } = compiler;
  const isSelf = arg.kind === "name" && arg.name === "Self";
  if (isSelf || (arg.kind === "name" && !world.model.variables.has(arg.name))) {
    const kind = isSelf ? HOUSEHOLD : placeOf(compiler, arg);
    return (agent) => ({ kind, place: placeAt(world, agent, kind) });
  }
  const number = numberOf(compiler, arg);
  return (agent) => {
    const found = world.numbers.anyPlace(number(agent));
    if (found === undefined)
      throw new RunError(
        `${number(agent)} is the number of no place of the program's own, nor of one with a group agent`,
      );
    return found;
  };
}

const coordinate = (name: Coordinate): FunctionEntry => ({
  takes: [1, 1],
  compile(compiler, [arg]) {
    const isKnown = arg!.kind === "name" && (PLACE_NAMES as readonly string[]).includes(arg!.name);
    if (name === "elevation" && (isKnown || (arg!.kind === "name" && arg!.name === "Self")))
      throw new SourceError(arg!.at, "no figure inside says how high places lie; a file of places can");
    const where = placeBy(compiler, arg!);
    return numeric((agent) => {
      const { kind, place } = where(agent);
      return figureOf(compiler.world, name, kind, place);
    });
  },
});

/** Kilometres from one place to another. */
const dist: FunctionEntry = {
  takes: [2, 2],
  compile(compiler, args) {
    const ends = args.map((arg) => placeBy(compiler, arg));
    const at = (name: Coordinate, end: number): NumberOf => {
      return (agent) => {
        const { kind, place } = ends[end]!(agent);
        return figureOf(compiler.world, name, kind, place);
      };
    };
    const [lat1, lon1, lat2, lon2] = [at("latitude", 0), at("longitude", 0), at("latitude", 1), at("longitude", 1)];
    return numeric((agent) => distance(lat1(agent), lon1(agent), lat2(agent), lon2(agent)));
  },
};

/** Where places lie. */
export const placeFunctions: Readonly<Record<string, FunctionEntry>> = {
  latitude: coordinate("latitude"),
  longitude: coordinate("longitude"),
  elevation: coordinate("elevation"),
  dist,
};
