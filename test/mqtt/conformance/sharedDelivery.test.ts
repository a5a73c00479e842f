import { describe, expect, test } from "bun:test";
import { startBroker } from "../support/broker";
import { arrivals, brokerClock, lasting, lose, publish, subscribe, texts } from "../support/exchange";
import { type RawClient, rawConnected } from "../support/raw";

const FILTER = "$share/g/t";

/** Two members of one group, of which the first is the one whose turn it is. */
async function twoMembers(port: number, first: object = {}): Promise<[RawClient, RawClient]> {
  const join = async (more: object): Promise<RawClient> => {
    const member = await rawConnected(port, { protocolVersion: 5, ...more });
    await subscribe(member, FILTER, 2);
    return member;
  };
  return [await join(first), await join({})];
}

describe("a shared message that its member has not acknowledged (5.0) [4.8.2]", () => {
  test("at QoS 1 goes to another when the member's session ends with its connection", async () => {
    const { port, broker } = startBroker();
    const [first, second] = await twoMembers(port);
    const writer = await rawConnected(port, { protocolVersion: 5 });
    for (const payload of ["1", "2", "3"]) await publish(writer, "t", payload);
    const [lost] = await arrivals(first);
    expect(lost).toMatchObject({ payload: Buffer.from("1") });
    first.send({ cmd: "puback", messageId: lost!.messageId! });
    expect((await arrivals(first)).length).toBe(0);
    await lose(broker, first);
    const got = await arrivals(second);
    expect(got.map(({ payload, dup }) => [`${payload}`, dup])).toEqual([
      ["2", false],
      ["3", false],
    ]);
  });

  test("at QoS 1 waits for a member whose session lasts, and goes to another with the end of that", async () => {
    const clock = brokerClock();
    const { port, broker } = startBroker({ clock });
    const [first, second] = await twoMembers(port, lasting(5, "first", 60));
    const writer = await rawConnected(port, { protocolVersion: 5 });
    await publish(writer, "t", "1");
    await arrivals(first);
    await lose(broker, first);
    expect(await arrivals(second)).toEqual([]);
    clock.advance(61_000);
    expect(await texts(second)).toEqual(["t=1"]);
    expect(broker.stats().queuedBytes).toBeGreaterThan(0);
    await lose(broker, second);
    expect(broker.stats().queuedBytes).toBe(0);
  });

  test("at QoS 1 is sent again to the member that comes back, and to nobody else", async () => {
    const { port, broker } = startBroker();
    const [first, second] = await twoMembers(port, lasting(5, "first"));
    await publish(await rawConnected(port), "t", "1");
    const [sent] = await arrivals(first);
    await lose(broker, first);
    const back = await rawConnected(port, lasting(5, "first"));
    expect(await arrivals(back)).toMatchObject([{ dup: true, messageId: sent!.messageId! }]);
    expect(await arrivals(second)).toEqual([]);
  });

  test("at QoS 2 is completed with the member that comes back [MQTT-4.8.2-4]", async () => {
    const { port, broker } = startBroker();
    const [first, second] = await twoMembers(port, lasting(5, "first"));
    await publish(await rawConnected(port), "t", "1", { qos: 2 });
    const [sent] = await arrivals(first);
    await lose(broker, first);
    const back = await rawConnected(port, lasting(5, "first"));
    expect(await arrivals(back)).toMatchObject([{ qos: 2, dup: true, messageId: sent!.messageId! }]);
    expect(await arrivals(second)).toEqual([]);
  });

  test("at QoS 2 goes to nobody else when the member's session ends [MQTT-4.8.2-5]", async () => {
    const { port, broker } = startBroker();
    const [first, second] = await twoMembers(port);
    await publish(await rawConnected(port), "t", "1", { qos: 2 });
    expect((await arrivals(first)).length).toBe(1);
    await lose(broker, first);
    expect(await arrivals(second)).toEqual([]);
  });

  test.each([1, 2] as const)("and has refused at QoS %d goes to nobody else [MQTT-4.8.2-6]", async (qos) => {
    const { port, broker } = startBroker();
    const [first, second] = await twoMembers(port);
    await publish(await rawConnected(port), "t", "1", { qos });
    const [sent] = await arrivals(first);
    first.send({ cmd: qos === 1 ? "puback" : "pubrec", messageId: sent!.messageId!, reasonCode: 0x83 });
    await arrivals(first);
    await lose(broker, first);
    expect(await arrivals(second)).toEqual([]);
  });

  test("goes to nobody where there is no other member", async () => {
    const { port, broker } = startBroker();
    const only = await rawConnected(port, { protocolVersion: 5 });
    await subscribe(only, FILTER, 1);
    const plain = await rawConnected(port, { protocolVersion: 5 });
    await subscribe(plain, "t", 1);
    await publish(plain, "t", "1");
    expect((await arrivals(only)).length).toBe(1);
    await lose(broker, only);
    expect(await texts(plain)).toEqual(["t=1"]);
    expect(broker.stats().queuedBytes).toBe(0);
  });

  test("goes from member to member until one acknowledges it", async () => {
    const { port, broker } = startBroker();
    const members: RawClient[] = [];
    for (let i = 0; i < 4; i++) {
      const member = await rawConnected(port, { protocolVersion: 5 });
      await subscribe(member, FILTER, 1);
      members.push(member);
    }
    await publish(await rawConnected(port), "t", "job");
    while (members.length > 0) {
      const got = await Promise.all(members.map(texts));
      expect(got.flat()).toEqual(["t=job"]);
      const [holder] = members.splice(
        got.findIndex((jobs) => jobs.length > 0),
        1,
      );
      await lose(broker, holder!);
    }
  });
});
