// Many runs of the economy model, one thread each, the days of the forecast in a loop (docs/gpu.md, "The kernel").
// A template: the host fills in the double braces and keeps the parts between #if and #end that a job needs; it is
// long because the model's day is one piece. Index t is the forecast day; day 0 is the current date. What falls due N days
// later goes into a ring that has a place for each day and run, the run fastest.
struct Params { {{params}} }
@group(0) @binding(0) var<uniform> P: Params;
@group(0) @binding(1) var<storage, read> days: array<vec4f>;
@group(0) @binding(2) var<storage, read> rows: array<f32>;
@group(0) @binding(3) var<storage, read> factors: array<f32>;
@group(0) @binding(4) var<storage, read> runList: array<u32>;
@group(0) @binding(5) var<storage, read_write> ring: array<f32>;
@group(0) @binding(6) var<storage, read_write> years: array<f32>;
@group(0) @binding(7) var<storage, read_write> points: array<f32>;
@group(0) @binding(8) var<storage, read_write> flags: array<atomic<u32>>;
//#if histogram
@group(0) @binding(9) var<storage, read_write> bins: array<atomic<u32>>;
@group(0) @binding(10) var<storage, read> segments: array<vec2f>;
//#else
@group(0) @binding(9) var<storage, read_write> columns: array<f32>;
//#end

{{twoFloat}}
{{functions}}
//#if chance
{{chance}}
//#end

var<private> isFlagged: bool;

//#if histogram
{{histogram}}
//#end

// Keeps a value of an output on a day; `slot` holds its places among the sampled days and the point days.
fn keep(output: u32, slot: vec2f, place: u32, value: f32) {
  if (!isFinite32(value)) { isFlagged = true; }
//#if histogram
  if (slot.x >= 0.0 && isFinite32(value)) { count(output * P.sampled + u32(slot.x), value); }
//#else
//#if bands
  if (slot.x >= 0.0) { columns[(output * P.sampled + u32(slot.x)) * P.stride + place] = value; }
//#end
//#end
//#if points
  if (slot.y >= 0.0) { points[(output * P.pointed + u32(slot.y)) * P.pointStride + place] = value; }
//#end
}

// FIL pledged for power: `storage` FIL a PiB, and its share of the aim.
fn pledgeOf(power: f32, reward: f32, aim: f32, perNetwork: f32, perAim: f32, gamma: f32) -> f32 {
  let storage = 20.0 * reward * (power * perNetwork);
  let bySize = max(0.0, aim * (power * perNetwork));
  let byBaseline = max(0.0, aim * (power * perAim));
//#if gammaOne
  let consensus = byBaseline;
//#end
//#if arithmetic
  let consensus = (1.0 - gamma) * bySize + gamma * byBaseline;
//#end
//#if geometric
  let ratio = perAim / perNetwork;
  let consensus = select(bySize * exp32(gamma * log32(max(ratio, 1e-30))), 0.0, bySize <= 0.0);
//#end
//#if harmonic
  let consensus = select(1.0 / ((1.0 - gamma) / bySize + gamma / byBaseline), 0.0, bySize <= 0.0);
//#end
  return min(1048576.0 * power, storage + consensus);
}

//#if attrition
// Of the share of a stock that falls due, what is not lost.
fn keptOf(lost: f32) -> f32 { return select((P.qaDueShare - lost) + P.qaDueShareLow, 0.0, lost >= P.qaDueShare); }
//#end

//#if chance
fn triangularAt(low: f32, mode: f32, high: f32, share: f32) -> f32 {
  let width = high - low;
  if (share * width <= mode - low) { return low + sqrt(share * width * (mode - low)); }
  return high - sqrt((1.0 - share) * width * (high - mode));
}
//#end

// A ratio of which the rest is so many times as large.
fn withLossTimes(ratio: f32, factor: f32) -> f32 { return max(0.0, 1.0 - (1.0 - min(1.0, ratio)) * factor); }

//#if years
//#if fee
// Where the reward of a sector on a day of the last year stands, behind the windows.
fn rewardPlace(day: u32, id: u32) -> u32 { return (P.windows * {{yearFloats}}u + day) * P.room + id; }

// A fee that is owed for a year, of which no day pays more than its cap.
fn cappedInYear(owed: f32, id: u32) -> f32 {
  var paid = vec2f(0.0, 0.0);
  for (var day = 0u; day < 365u; day++) { paid = add2(paid, min(owed, P.feeCap * years[rewardPlace(day, id)])); }
  return paid.x + paid.y;
}
//#end
//#end

fn withOddsTimes(ratio: f32, factor: f32) -> f32 {
  let share = clamp(ratio, 0.0, 1.0);
  return share * factor / (1.0 - share + share * factor);
}

// The rest of a ratio whose odds are so many times as large, from its rest.
fn lossWithOddsTimes(loss: f32, factor: f32) -> f32 {
  let rest = clamp(loss, 0.0, 1.0);
  return rest / (rest + (1.0 - rest) * factor);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u) {
  let id = gid.x;
  if (id >= P.count) { return; }
//#if listed
  let run = runList[P.listFrom + id];
//#else
  let run = P.firstRun + id;
//#end
  let place = {{place}};
  isFlagged = false;
  var raw = vec2f(P.rawHigh, P.rawLow);
  var qa = vec2f(P.qaHigh, P.qaLow);
  var depth = vec2f(P.depthHigh, P.depthLow);
  var left = vec2f(P.leftHigh, P.leftLow);
  var byPower = vec2f(P.byPowerHigh, P.byPowerLow);
  var lockedPledge = vec2f(P.lockedPledgeHigh, P.lockedPledgeLow);
  var lockedReward = vec2f(P.lockedRewardHigh, P.lockedRewardLow);
  var locked = vec2f(P.lockedHigh, P.lockedLow);
  var rewards = vec2f(0.0, 0.0);
  var growth = vec2f(P.timeHigh, P.timeLow);
  var circulating = P.circulating;
  var available = P.available;
  var onboardedRaw = P.onboardedRaw;
  var onboardedQa = P.onboardedQa;
  var renewedRaw = P.renewedRaw;
  var renewedQa = P.renewedQa;
  var reward = P.reward;
  var rawEib = P.rawEib;
  var qaEib = P.qaEib;
  var capped = P.capped;
  var writeSlot = 0u;
  var readSlot = 0u;
  var dayBefore = vec3f(0.0);
  var leastReward = 3.0e38;
  var owed = vec2f(P.owedHigh, P.owedLow);
  var paying = vec2f(P.payingHigh, P.payingLow);
  var feesBurnt = vec2f(0.0, 0.0);
  var life = P.life;
//#if attrition
  var lostQaShare = 0.0;
//#end
{{prologue}}
  for (var t = 0u; t < P.days; t++) {
    let A = days[{{dayVectors}}u * t];
    let B = days[{{dayVectors}}u * t + 1u];
    let C = days[{{dayVectors}}u * t + 2u];
    let E = days[{{dayVectors}}u * t + 3u];
//#if schedule
    let isDue = t >= life;
    var due = vec3f(0.0);
    if (isDue) {
      due = vec3f(ring[(readSlot * {{ringFloats}}u) * P.room + id], ring[(readSlot * {{ringFloats}}u + 1u) * P.room + id],
        ring[(readSlot * {{ringFloats}}u + 2u) * P.room + id]);
    }
//#end
{{inputs}}
    if (t > 0u) {
      onboardedRaw = dayBefore.x;
      onboardedQa = dayBefore.x * (1.0 + ({{multiplierBefore}} - 1.0) * dayBefore.z);
//#if schedule
      let expiringRaw = A.x + due.x;
      let expiringQa = A.y + due.y;
      renewedRaw = expiringRaw * dayBefore.y;
      renewedQa = expiringQa * dayBefore.y{{renewedFactorBefore}};
      // Flows that are the same each day are rounded the same each day: what their sum loses is added too.
      let keptRaw = onboardedRaw - expiringRaw;
      let keptQa = onboardedQa - expiringQa;
      raw = add2(raw, keptRaw + renewedRaw);
      qa = add2(qa, keptQa + renewedQa);
      raw = add2(raw, lostInSum(onboardedRaw, -expiringRaw) + lostInSum(keptRaw, renewedRaw));
      qa = add2(qa, lostInSum(onboardedQa, -expiringQa) + lostInSum(keptQa, renewedQa));
      rawEib = raw.x * 0.0009765625;
      qaEib = min(qa.x, {{multiplierBefore}} * raw.x) * 0.0009765625;
//#else
      let expiringRaw = P.rawDueShare * raw.x + P.rawDueShareLow * raw.x;
      let lostRaw = expiringRaw * clamp(dayBefore.y, 0.0, 1.0);
      let lostQa = lostQaShare * qa.x;
      renewedRaw = expiringRaw - lostRaw;
      renewedQa = keptOf(lostQaShare) * qa.x;
      raw = add2(add2(raw, onboardedRaw), -lostRaw);
      qa = add2(add2(qa, onboardedQa), -lostQa);
      if (raw.x < 0.0) { raw = vec2f(0.0, 0.0); }
      if (qa.x < 0.0) { qa = vec2f(0.0, 0.0); }
      if (qa.x > {{multiplierBefore}} * raw.x) { qa = {{multiplierBefore}} * raw; }
      rawEib = raw.x * 0.0009765625;
      qaEib = qa.x * 0.0009765625;
//#end
      capped = min(A.w, rawEib);
      // Minting from its closed form: baseline growth is six times the decay of minting.
      let added = 0.0018990333713971104 * capped;
      let step = added / depth.x;
      let minted = left.x * (step * (0.16666666666666666 - step * (0.09722222222222222
        - step * (0.07021604938271605 - step * 0.05558770576131687))));
      let mintedByPower = 770000000.0 * minted;
      depth = add2(depth, added);
      left = add2(left, -minted);
      byPower = add2(byPower, mintedByPower);
//#if networkTime
      growth = add2(growth, step * (1.0 - step * (0.5 - step * (0.33333334 - step * 0.25))));
//#end
      reward = B.z + mintedByPower;
    }
    if (raw.x < P.leastRaw || qaEib < P.leastQa) { isFlagged = true; }
    let networkPib = qaEib * 1024.0;
    let perNetwork = 1.0 / networkPib;
    let perAim = 1.0 / max(networkPib, A.w * 1024.0);
    let aim = lockTarget * {{supplyBase}};
    let pledgedNew = pledgeOf(onboardedQa, reward, aim, perNetwork, perAim, {{gamma}});
    let pledgedAgain = pledgeOf(renewedQa, reward, aim, perNetwork, perAim, {{gamma}});
//#if schedule
    let dueByTable = A.z + due.z;
    let duePledge = select(dueByTable, min(dueByTable, max(0.0, lockedPledge.x)), P.releasesWhatExists > 0.0);
    let kept = renewalRate * duePledge;
    let released = (1.0 - renewalRate) * duePledge;
//#else
    let qaLoss = clamp((1.0 - {{renewedFactor}}) + {{renewedFactor}} * renewalLoss, 0.0, 1.0);
    let qaLossTimes = qaLoss{{qaAttrition}};
    lostQaShare = min(P.qaDueShare, P.qaLostShare * qaLossTimes + P.qaLostShareLow * qaLossTimes);
    let lostPledgeShare = min(P.qaDueShare, max(0.0, lostQaShare + P.pledgeExtraShare));
    let kept = keptOf(lostPledgeShare) * lockedPledge.x;
    let released = lostPledgeShare * lockedPledge.x;
//#end
    let renewedPledge = max(kept, pledgedAgain);
    let pledgePerDay = pledgedNew + renewedPledge;
//#if schedule
    ring[(writeSlot * {{ringFloats}}u) * P.room + id] = select(onboardedRaw + renewedRaw, 0.0, t == 0u);
    ring[(writeSlot * {{ringFloats}}u + 1u) * P.room + id] = select(onboardedQa + renewedQa, 0.0, t == 0u);
    ring[(writeSlot * {{ringFloats}}u + 2u) * P.room + id] = pledgePerDay;
//#end
//#if fee
    let F = days[{{dayVectors}}u * t + 4u];
//#if schedule
    var endedFil = F.y;
    var endedPib = F.z;
    if (isDue) {
      endedFil += ring[(readSlot * {{ringFloats}}u + 3u) * P.room + id];
      endedPib += ring[(readSlot * {{ringFloats}}u + 4u) * P.room + id];
    }
//#else
    let endedFil = select(0.0, P.qaDueShare * owed.x, F.x > 0.0);
    let endedPib = select(0.0, P.qaDueShare * paying.x, F.x > 0.0);
//#end
    let takenPib = select(0.0, onboardedQa + renewedQa, F.x > 0.0);
    let takenFil = P.feePerPib * circulating * takenPib;
//#if schedule
    ring[(writeSlot * {{ringFloats}}u + 3u) * P.room + id] = takenFil;
    ring[(writeSlot * {{ringFloats}}u + 4u) * P.room + id] = takenPib;
//#end
    owed = add2(add2(owed, takenFil), -endedFil);
    paying = add2(add2(paying, takenPib), -endedPib);
    if (t > 0u && F.x > 0.0) {
      let covered = min(1.0, paying.x * perNetwork);
      feesBurnt = add2(feesBurnt, min(owed.x, P.feeCap * reward * covered));
    }
    let owedPerSector = select(0.0, P.feePerSector * circulating, F.x > 0.0);
//#end
//#if schedule
    writeSlot++; if (writeSlot == P.slots) { writeSlot = 0u; }
    if (isDue) { readSlot++; if (readSlot == P.slots) { readSlot = 0u; } }
//#end
    let pledgeChange = pledgedNew - released + max(0.0, pledgedAgain - kept);
    let rewardChange = 0.75 * reward - lockedReward.x * P.unlockShare;
    lockedPledge = add2(lockedPledge, pledgeChange);
    lockedReward = add2(lockedReward, rewardChange);
    locked = add2(add2(locked, pledgeChange), rewardChange);
    if (locked.x < 0.0) { locked = vec2f(0.0, 0.0); }
    var free = add2(add2(vec2f(B.x, B.y), byPower.x), -locked.x);
    free = add2(free, byPower.y - locked.y);
//#if fee
    free = add2(add2(free, -feesBurnt.x), -feesBurnt.y);
//#end
    circulating = max(0.0, free.x);
    available = max(0.0, add2(add2(free, -locked.x), -locked.y).x);
    let rewardPerSector = 2.9802322387695312e-8 * reward / qaEib;
    let slot = C.xy;
    if (E.x >= 0.0) {
      let pledgePerSector = 3.0517578125e-5 * pledgedNew / onboardedQa;
{{outputs}}
//#if years
      let window = (u32(E.x) % P.windows) * {{yearFloats}}u;
      years[window * P.room + id] = rewards.x;
      years[(window + 1u) * P.room + id] = rewards.y;
      years[(window + 2u) * P.room + id] = pledgePerSector;
//#if fee
      years[(window + 3u) * P.room + id] = owedPerSector;
//#end
//#end
    }
    rewards = add2(rewards, rewardPerSector);
    leastReward = min(leastReward, rewardPerSector);
//#if years
//#if fee
    years[rewardPlace(t % 365u, id)] = rewardPerSector;
//#end
//#end
//#if years
    if (E.y >= 0.0) {
      let window = (u32(E.y) % P.windows) * {{yearFloats}}u;
      let slot = C.zw;
      var yearReturn = (rewards.x - years[window * P.room + id]) + (rewards.y - years[(window + 1u) * P.room + id]);
//#if fee
      let owedThen = years[(window + 3u) * P.room + id];
      yearReturn -= select(cappedInYear(owedThen, id), 365.0 * owedThen, owedThen <= P.feeCap * leastReward);
//#end
      let yearRoi = yearReturn / years[(window + 2u) * P.room + id];
{{yearOutputs}}
    }
//#end
//#if schedule
    dayBefore = vec3f(onboarding, renewalRate, filPlusRate);
//#else
    dayBefore = vec3f(onboarding, renewalLoss, filPlusRate);
//#end
  }
  if (isFlagged) {
    let at = atomicAdd(&flags[0], 1u);
    if (at < P.maxFlags) { atomicStore(&flags[1u + at], run); }
  }
}
