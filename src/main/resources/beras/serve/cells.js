// Where the digits of a page stand: in the cells of a table or a sudoku, in numbers with gaps between them, or in plain lines.

/** In heights of a digit: a wider gap between two digits ends a number. */
const GAP = 0.8;
/** Digits no two of which are so many times as far apart as the nearest are spaced evenly: numbers, as in the boxes of a form. */
const EVEN = 1.7;
/** A grid has at least as many rows and columns. */
const LEAST_GRID = 3;
/** As a sudoku has; what is further away is no more of the same grid. */
const MOST_STEPS = 9;

const median = numbers => [...numbers].sort((one, other) => one - other)[numbers.length >> 1];

/** A digit as it lies once the lines are level. */
function level({box: [left, top, width, height]}, degrees) {
  const turn = -degrees * Math.PI / 180;
  const [x, y] = [left + width / 2, top + height / 2];
  const isUpright = Math.abs(Math.cos(turn)) > Math.SQRT1_2;
  const half = (isUpright ? width : height) / 2;
  const centre = x * Math.cos(turn) - y * Math.sin(turn);
  return {centre, left: centre - half, right: centre + half, y: x * Math.sin(turn) + y * Math.cos(turn),
    height: isUpright ? height : width};
}

/** How many steps each of sorted places is behind the first, if most are one step from the next. */
function steps(places) {
  const distances = places.slice(1).map((place, i) => place - places[i]);
  const step = median(distances);
  let at = 0;
  return [0, ...distances.map(distance => at += Math.min(MOST_STEPS, Math.max(1, Math.round(distance / Math.max(1, step)))))];
}

/**
 * The rows of a page, each a list of cells, each a list of numbers, each a list of digits. A cell may be
 * empty. Numbers that stand one above the other are of one column.
 *
 * @param lines   lists of digits, which have a box
 * @param degrees by how much the lines are turned on the picture, clockwise
 */
export function cells(lines, degrees) {
  const where = new Map(lines.flat().map(digit => [digit, level(digit, degrees)]));
  const height = median([...where.values()].map(each => each.height));
  const distances = lines.flatMap(line => line.slice(1).map((digit, i) => where.get(digit).centre - where.get(line[i]).centre));
  if (distances.length === 0 || Math.max(...distances) < EVEN * Math.min(...distances)) {
    return lines.map(line => [[line]]);
  }
  const numbers = lines.map(line => {
    const found = [];
    line.forEach((digit, i) => {
      if (i > 0 && where.get(digit).left - where.get(line[i - 1]).right < GAP * height) {
        found.at(-1).push(digit);
      } else {
        found.push([digit]);
      }
    });
    return found;
  });
  const columns = []; // from left to right, apart
  const spans = numbers.flat().map(each => ({left: where.get(each[0]).left, right: where.get(each.at(-1)).right}));
  for (const span of spans.sort((one, other) => one.left - other.left)) {
    const last = columns.at(-1);
    if (last && span.left < last.right) {
      last.right = Math.max(last.right, span.right);
    } else {
      columns.push({...span});
    }
  }
  const rows = numbers.map(line => columns.map(({left, right}) =>
    line.filter(([first]) => where.get(first).centre >= left && where.get(first).centre <= right)));
  const isGrid = lines.length >= LEAST_GRID && columns.length >= LEAST_GRID
      && rows.flat().every(cell => cell.length === 0 || cell.length === 1 && cell[0].length === 1);
  return isGrid ? grid(rows, steps(lines.map(line => median(line.map(digit => where.get(digit).y)))),
      steps(columns.map(({left, right}) => (left + right) / 2))) : rows;
}

/** With the rows and columns in which nothing is written. */
function grid(rows, down, across) {
  const made = Array.from({length: down.at(-1) + 1}, () => Array.from({length: across.at(-1) + 1}, () => []));
  rows.forEach((row, i) => row.forEach((cell, j) => made[down[i]][across[j]] = cell));
  return made;
}
