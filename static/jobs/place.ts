import { choiceCodec, textCodec, urlStore } from "../common/url-state";

export const TAB_TITLES = {
  jobs: "Jobs",
  new: "New job",
  reports: "Reports",
  schedules: "Schedules",
  storage: "Storage",
  monitor: "Monitor",
} as const;

export type TabName = keyof typeof TAB_TITLES;

/** The job that is shown in place of the tabs; empty for the tabs. */
export const chosenJob = urlStore("job", textCodec());
/** The job whose submission a new one begins with; empty for an example. */
export const copiedJob = urlStore("copy", textCodec());
/** The type of the new job. */
export const newType = urlStore("type", textCodec());
/** The jobs of a report that is being made, by their ids. */
export const reportedJobs = urlStore("of", {
  fallback: [] as readonly string[],
  read: (text) => text.split(",").filter(Boolean),
  write: (ids) => ids.join(","),
});

const shownTab = urlStore("tab", choiceCodec(Object.keys(TAB_TITLES) as TabName[], "jobs"));

/** Shows one job; what else was set up, such as filters, stays. */
export function goToJob(id: string): void {
  chosenJob.set(id);
  settle();
}

export function goToTab(name: TabName): void {
  chosenJob.set("");
  shownTab.set(name);
  settle();
}

/** A form for the same once more. */
export function copyAsNew(id: string, type: string): void {
  copiedJob.set(id);
  newType.set(type);
  goToTab("new");
}

function settle(): void {
  scrollTo({ top: 0 });
  // What was pressed is gone with the view that it stood in: the keyboard goes on in the new one.
  setTimeout(() => {
    if (document.activeElement === document.body) document.getElementById("main")?.focus();
  });
}
