import { bringingFunctions } from "../bringing";
import { arithmetic } from "./arithmetic";
import { calendarFunctions } from "./calendar";
import { distributions } from "./chance";
import type { FunctionEntry } from "./entry";
import { lists } from "./lists";
import { lookups } from "./lookups";
import { networkFunctions } from "./networks";
import { people } from "./people";
import { placeFunctions } from "./places";
import { reading } from "./reading";

/** Every function of the language. */
export const FUNCTIONS: Readonly<Record<string, FunctionEntry>> = {
  ...arithmetic,
  ...distributions,
  ...calendarFunctions,
  ...lists,
  ...people,
  ...placeFunctions,
  ...lookups,
  ...networkFunctions,
  ...reading,
  ...bringingFunctions,
};
