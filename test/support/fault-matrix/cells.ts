// The cells of the matrix: each fault at each place, once and for good, and two faults.
import { type FaultName, RULES, type Rule } from './faults.ts';

/** The requests that lead to a merchant's list, in their order. */
const PLACES = ['partnerToken', 'merchants', 'exchange', 'token', 'cases'] as const;
export type Place = (typeof PLACES)[number];

export type Cell = {
  title: string;
  faults: { place: Place; fault: FaultName; times: number }[];
  /** Tokens that the service has before the faults begin. */
  tokens: 'none' | "the partner's" | 'all';
};

/** Faults that behave alike have one of them in the pairs. */
const IN_PAIRS: readonly FaultName[] = [
  ...(['304', '400', '401', '403', '404', '429 for 10 s', '429 for 2 h', '503'] as const),
  ...(['closed without an answer', 'closed in the body', 'a huge header', 'brotli'] as const),
  ...(['no answer', 'a body that stops', 'a body byte by byte'] as const),
  ...(['a page', 'half a body', 'an object', 'a worthless token', 'a token without an expiry'] as const),
  ...(['an item without an id', 'all cases gone', 'a late answer'] as const),
];

const namesOf = (): FaultName[] => Object.keys(RULES).filter((name): name is FaultName => name in RULES);

/** Each fault at each place: for one request, and for all. */
export function singleCells(): Cell[] {
  return PLACES.flatMap((place) =>
    namesOf()
      .filter((fault) => fits(fault, place))
      .flatMap((fault) => [
        cellOf([{ place, fault, times: 1 }], `${place}: ${fault}, once`),
        cellOf([{ place, fault, times: Number.POSITIVE_INFINITY }], `${place}: ${fault}, always`),
      ]),
  );
}

/** Two faults: the first for one request, the second for all; at one place in succession, or at two places. */
export function pairCells(): Cell[] {
  return PLACES.flatMap((place) =>
    PLACES.flatMap((other) =>
      IN_PAIRS.filter((fault) => fits(fault, place)).flatMap((fault) =>
        IN_PAIRS.filter((second) => fits(second, other)).map((second) =>
          cellOf(
            [
              { place, fault, times: 1 },
              { place: other, fault: second, times: Number.POSITIVE_INFINITY },
            ],
            `${place}: ${fault}, once; ${other}: ${second}, always`,
          ),
        ),
      ),
    ),
  );
}

/** `count` cells of all, spread evenly. */
export function sampleOf(cells: readonly Cell[], count: number): Cell[] {
  const step = cells.length / count;
  return step <= 1
    ? [...cells]
    : Array.from({ length: count }, (_, index) => cells[Math.floor(index * step)]).filter(isCell);
}

const isCell = (cell: Cell | undefined): cell is Cell => cell !== undefined;

function fits(name: FaultName, place: Place): boolean {
  const { only }: Rule = RULES[name];
  if (only === 'cases') return place === 'cases';
  return only !== 'tokens' || (place !== 'cases' && place !== 'merchants');
}

/** A service that has the tokens of later steps requests the first fault's place first. */
function cellOf(faults: Cell['faults'], title: string): Cell {
  const [first, second] = faults.map(({ place }) => PLACES.indexOf(place));
  const isBackwards = first !== undefined && second !== undefined && first > second;
  const place = faults[0]?.place;
  return { title, faults, tokens: !isBackwards ? 'none' : place === 'cases' ? 'all' : "the partner's" };
}
