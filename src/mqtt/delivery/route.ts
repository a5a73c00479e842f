import { higherQos } from "../packet/publish";
import type { Core } from "../state/core";
import type { Route, SharedGroup, Target } from "../state/route";
import type { Session, Subscription } from "../state/session";
import type { Topic } from "../topic/names";

/** So many targets are remembered in all: a hundred topics that each go to ten thousand sessions must not fill the memory. */
const MAX_ROUTED_TARGETS = 262_144;

/** The route of a topic, from memory as long as no subscription and no right has changed. */
export function routeOf(core: Core, topic: Topic<Route>): Route {
  if (topic.route !== null && topic.routeVersion === core.routeVersion) return topic.route;
  const route = buildRoute(core, topic.name);
  core.routedTargets += sizeOf(route);
  if (core.routedTargets > MAX_ROUTED_TARGETS) {
    core.topics.forgetRoutes();
    core.routedTargets = sizeOf(route);
  }
  core.topics.place(topic);
  topic.route = route;
  topic.routeVersion = core.routeVersion;
  return route;
}

function sizeOf({ targets, groups }: Route): number {
  return groups.reduce((size, { members }) => size + members.length, targets.length);
}

function buildRoute(core: Core, topic: string): Route {
  const bySession = new Map<Session, Target>();
  const byGroup = new Map<SharedGroup, Target[]>();
  core.filters.match(topic, (subscription) => {
    const { session, group } = subscription;
    if (!mayRead(core, session, topic)) return;
    if (group === null) {
      bySession.set(session, merged(bySession.get(session), subscription));
      return;
    }
    const members = byGroup.get(group);
    if (members === undefined) byGroup.set(group, [subscription]);
    else members.push(subscription);
  });
  return {
    targets: [...bySession.values()],
    groups: [...byGroup].map(([group, members]) => ({ group, members })),
  };
}

/** Whoever subscribes from within this process is part of the program, and is under no user's rules. */
function mayRead(core: Core, session: Session, topic: string): boolean {
  return core.authorize === null || session.local !== null || core.authorize(session.identity, "read", topic);
}

/**
 * A message is delivered once to a session with overlapping filters, at the highest of their QoS [MQTT-3.3.4-2] and
 * with all their identifiers [MQTT-3.3.4-3].
 */
function merged(target: Target | undefined, subscription: Subscription): Target {
  if (target === undefined) return subscription;
  const noLocal = target.noLocal || subscription.noLocal;
  return {
    session: target.session,
    qos: higherQos(target.qos, subscription.qos),
    noLocal,
    retainAsPublished: target.retainAsPublished || subscription.retainAsPublished,
    ids: subscription.ids.length === 0 ? target.ids : [...target.ids, ...subscription.ids],
    forOwn: noLocal ? mergedForOwn(target, subscription) : undefined,
  };
}

function mergedForOwn(target: Target, subscription: Subscription): Target | undefined {
  const before = target.noLocal ? target.forOwn : target;
  return subscription.noLocal ? before : merged(before, subscription);
}
