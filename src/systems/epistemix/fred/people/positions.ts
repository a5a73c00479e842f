import { createChance, PURPOSE } from "../chance/streams";
import type { County } from "./counties";
import { PLACE_NAMES, type Population, type Region } from "./population";

/** A place on the map, in degrees. */
export interface Position {
  latitude: number;
  longitude: number;
}

const KM_A_DEGREE = 111.32;
const [HOUSEHOLD, SCHOOL, CLASSROOM, WORKPLACE, BLOCK_GROUP, COUNTY, TRACT] = PLACE_NAMES.keys();

/**
 * Where the places of a population lie. A county's middle and area are public figures; that it is a square in which block
 * groups lie row by row, homes anywhere within theirs, schools at the home of their first pupil and workplaces anywhere,
 * is an assumption (docs/epidemics.md, "The people").
 */
export function createPositions(
  { places, regions }: Population,
  seed: bigint,
): (kind: number, place: number) => Position {
  const chance = createChance(seed);

  function regionOf(kind: number, place: number): Region {
    return regions.findLast(({ firstPlaces }) => firstPlaces[kind]! <= place)!;
  }

  function blockGroups(region: Region): { first: number; count: number } {
    const next = regions[regions.indexOf(region) + 1];
    const first = region.firstPlaces[BLOCK_GROUP!]!;
    return { first, count: (next?.firstPlaces[BLOCK_GROUP!] ?? places[BLOCK_GROUP!]!.count) - first };
  }

  /** A point of a block group's square, from two shares of its sides. */
  function inGroup(group: number, across: number, down: number): Position {
    const region = regionOf(BLOCK_GROUP!, group);
    const { first, count } = blockGroups(region);
    const side = Math.ceil(Math.sqrt(count));
    const row = Math.floor((group - first) / side);
    const column = (group - first) % side;
    // Every other row runs back, so that neighbours in the order are neighbours on the map.
    const along = row % 2 === 0 ? column : side - 1 - column;
    return inCounty(region.county, (along + across) / side, (row + down) / side);
  }

  function drawn(kind: number, place: number): [number, number] {
    const { county, firstPlaces } = regionOf(kind, place);
    chance.open(PURPOSE.positions, place - firstPlaces[kind]!, county.fips, 2 * kind);
    return [chance.next(), chance.next()];
  }

  function home(household: number): Position {
    const [person] = residentsOf(HOUSEHOLD!, household);
    return inGroup(places[BLOCK_GROUP!]!.placeOf[person!]!, ...drawn(HOUSEHOLD!, household));
  }

  /** Of the members that a place had at first, since who moves does not move the place. */
  function residentsOf(kind: number, place: number): Int32Array {
    const { starts, members } = places[kind]!;
    return members.subarray(starts[place]!, starts[place + 1]!);
  }

  return (kind, place) => {
    switch (kind) {
      case HOUSEHOLD:
        return home(place);
      case SCHOOL:
      case CLASSROOM:
        return home(places[HOUSEHOLD!]!.placeOf[residentsOf(kind, place)[0]!]!);
      case WORKPLACE:
        return inCounty(regionOf(WORKPLACE!, place).county, ...drawn(WORKPLACE!, place));
      case BLOCK_GROUP:
        return inGroup(place, 0.5, 0.5);
      case TRACT:
        return inGroup(places[BLOCK_GROUP!]!.placeOf[residentsOf(TRACT!, place)[0]!]!, 0.5, 0.5);
      default:
        return inCounty(regionOf(COUNTY!, place).county, 0.5, 0.5);
    }
  };
}

/** A point of the square that a county is taken for. */
function inCounty({ latitude, longitude, areaKm2 }: County, across: number, down: number): Position {
  const sideKm = Math.sqrt(areaKm2);
  const kmALongitude = KM_A_DEGREE * Math.cos((latitude * Math.PI) / 180);
  return {
    latitude: latitude + ((0.5 - down) * sideKm) / KM_A_DEGREE,
    longitude: longitude + ((across - 0.5) * sideKm) / kmALongitude,
  };
}
