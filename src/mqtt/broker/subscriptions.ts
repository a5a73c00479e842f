import type { Core } from "../state/core";
import type { SharedGroup } from "../state/route";
import type { Session, Subscription } from "../state/session";

/**
 * Files a subscription; one under the same filter is replaced [MQTT-3.8.4-3]. Gives the one it replaced. `groupName` is
 * the name of a shared subscription's group, or null.
 */
export function addSubscription(
  core: Core,
  subscription: Subscription,
  groupName: string | null,
): Subscription | undefined {
  const { session, filter, levels } = subscription;
  const replaced = removeSubscription(core, session, filter);
  if (groupName !== null) subscription.group = joinGroup(core, `${groupName}/${levels.join("/")}`);
  session.subscriptions ??= new Map();
  session.subscriptions.set(filter, subscription);
  core.filters.add(levels, subscription);
  core.routeVersion++;
  return replaced;
}

/** Removes the subscription that a session has under a filter; undefined where it has none. */
export function removeSubscription(core: Core, session: Session, filter: string): Subscription | undefined {
  const subscription = session.subscriptions?.get(filter);
  if (subscription === undefined) return undefined;
  session.subscriptions!.delete(filter);
  core.filters.remove(subscription.levels, subscription);
  if (subscription.group !== null) leaveGroup(core, subscription.group);
  core.routeVersion++;
  return subscription;
}

/** Removes all that a session has subscribed to. */
export function removeSubscriptions(core: Core, session: Session): void {
  for (const filter of [...(session.subscriptions?.keys() ?? [])]) removeSubscription(core, session, filter);
}

function joinGroup(core: Core, key: string): SharedGroup {
  const group = core.groups.get(key) ?? { key, members: 0, next: 0 };
  group.members++;
  core.groups.set(key, group);
  return group;
}

function leaveGroup(core: Core, group: SharedGroup): void {
  group.members--;
  if (group.members === 0) core.groups.delete(group.key);
}
