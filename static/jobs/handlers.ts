import type { HandlersAnswer } from "../../src/systems/jobs/schema/handlers";
import { type Resource, useLoaded } from "../common/load";
import { at } from "./session";

/** What can be run and reported on. */
export function useHandlers(): Resource<HandlersAnswer> {
  return useLoaded<HandlersAnswer>(at("/handlers"));
}

/** What a type is called; its own name where it is not known. */
export function titleOf(type: string, handlers: HandlersAnswer | undefined): string {
  return handlers?.simulations.find((known) => known.type === type)?.title ?? type;
}
