import type { ComponentChildren } from "preact";
import { choiceCodec, textCodec, urlStore } from "../common/url-state";
import { Name } from "./name";
import { TAB_NAMES, type TabName } from "./tabs";

/** Places are views of this page; on others that show the same tables there is nothing to go to. */
const HERE = "/market";

/** The worker whose page stands in place of the offers; empty for the offers. */
export const chosenWorker = urlStore("worker", textCodec());
/** The lease that is shown in place of the list of leases; empty for the list. */
export const chosenLease = urlStore("lease", textCodec());

/** A place in this page. */
export type Place = { worker: string } | { lease: string } | { tab: TabName };

/** Shows that place. What else was set up, such as filters, stays. */
export function goTo(place: Place): void {
  const { tab: nextTab, worker, lease } = placeInFull(place);
  urlStore("tab", choiceCodec(TAB_NAMES, "offers")).set(nextTab);
  if (worker !== undefined) chosenWorker.set(worker);
  if (lease !== undefined) chosenLease.set(lease);
  scrollTo({ top: 0 });
  setTimeout(focusView);
}

/** What was pressed is gone with the view that it stood in: the keyboard goes on in the new one, not above the page. */
function focusView(): void {
  if (document.activeElement === document.body) document.getElementById("main")?.focus();
}

/** A link to a place, on the page that has it. A plain click stays in the page and keeps what is only in its memory. */
export function PlaceLink(props: { to: Place; class?: string; children: ComponentChildren }) {
  if (location.pathname !== HERE) return <>{props.children}</>;
  function stay(event: MouseEvent): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    goTo(props.to);
  }
  return (
    <a href={addressOf(props.to)} class={props.class} onClick={stay}>
      {props.children}
    </a>
  );
}

/** A worker's name as a link to its page. It is the worker's own text: cut where long, kept from turning its surroundings. */
export function WorkerLink({ id }: { id: string }) {
  return (
    <PlaceLink to={{ worker: id }}>
      <Name text={id} />
    </PlaceLink>
  );
}

interface PlaceInFull {
  tab: TabName;
  worker?: string;
  lease?: string;
}

function placeInFull(place: Place): PlaceInFull {
  if ("worker" in place) return { tab: "offers", worker: place.worker };
  if ("lease" in place) return { tab: "leases", lease: place.lease };
  return { ...place, worker: "", lease: "" };
}

function addressOf(place: Place): string {
  const named = Object.entries(placeInFull(place)).filter(
    ([name, value]) => value !== "" && `${name}=${value}` !== "tab=offers",
  );
  return named.length === 0 ? HERE : `?${new URLSearchParams(named)}`;
}
