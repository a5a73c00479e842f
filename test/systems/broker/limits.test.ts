import { describe, expect, test } from "bun:test";
import { loadConfig } from "../../../src/config/load";
import { DEFAULT_LIMITS, type Limits } from "../../../src/mqtt";
import { limitsOf } from "../../../src/systems/broker/limits";

const limits = (environment: Record<string, string> = {}) => limitsOf(loadConfig({ environment }).values);

describe("limits by the settings", () => {
  test("are those of the broker where nothing is set", () => {
    expect(limits()).toEqual(DEFAULT_LIMITS);
  });

  const set: [setting: string, value: string, limit: keyof Limits, inForce: number][] = [
    ["MQTT_MAX_CONNECTIONS", "7", "connections", 7],
    ["MQTT_MAX_CONNECTIONS_PER_ADDRESS", "2", "connectionsPerAddress", 2],
    ["MQTT_MAX_PACKET_BYTES", "2048", "packetBytes", 2048],
    ["MQTT_MAX_QUEUED_MESSAGES", "9", "queuedMessages", 9],
    ["MQTT_MAX_QUEUED_BYTES", "4096", "queuedBytes", 4096],
    ["MQTT_MAX_RETAINED_MESSAGES", "0", "retainedMessages", 0],
    ["MQTT_MAX_RETAINED_BYTES", "5", "retainedBytes", 5],
    ["MQTT_MAX_PUBLISHES_PER_S", "100", "publishesPerSecond", 100],
    ["MQTT_FLAPPING_CONNECTS", "3", "flappingConnects", 3],
    ["MQTT_FLAPPING_BAN_S", "90", "flappingBanMs", 90_000],
    ["MQTT_MEMORY_BYTES", "2000000", "memoryBytes", 2_000_000],
  ];
  test.each(set)("%s=%s changes that one alone", (setting, value, limit, inForce) => {
    expect(limits({ [setting]: value })).toEqual({ ...DEFAULT_LIMITS, [limit]: inForce });
  });
});
