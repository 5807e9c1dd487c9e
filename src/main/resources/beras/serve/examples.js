// Examples to click for models of digits: digits, a table and a sudoku. They are drawn here, so no picture is shipped.

/** The strokes of each digit, as x and y from 0 to 1. */
const STROKES = [
  [[[.5, 0], [.22, .1], [.08, .5], [.2, .9], [.5, 1], [.8, .9], [.92, .5], [.78, .1], [.48, 0]]],
  [[[.3, .22], [.58, 0], [.58, 0], [.52, 1]]],
  [[[.12, .25], [.27, .05], [.55, 0], [.82, .14], [.8, .38], [.5, .68], [.1, .98], [.1, .98], [.4, .95], [.95, .98]]],
  [[[.1, .12], [.3, 0], [.6, 0], [.85, .15], [.8, .36], [.42, .48], [.42, .48], [.8, .56], [.9, .78], [.65, .98], [.3, 1],
    [.05, .88]]],
  [[[.55, 0], [.35, .35], [.08, .64], [.08, .64], [.95, .6]], [[.7, .32], [.6, 1]]],
  [[[.88, .02], [.25, .03], [.25, .03], [.18, .42], [.18, .42], [.5, .36], [.85, .5], [.86, .78], [.55, 1], [.1, .93]]],
  [[[.72, 0], [.36, .26], [.14, .62], [.2, .92], [.5, 1], [.82, .88], [.8, .62], [.5, .52], [.16, .7]]],
  [[[.08, .05], [.5, .07], [.92, .03], [.92, .03], [.6, .5], [.42, 1]]],
  [[[.78, .12], [.5, 0], [.22, .12], [.3, .36], [.7, .6], [.82, .82], [.5, 1], [.18, .84], [.3, .6], [.72, .36], [.78, .1]]],
  [[[.84, .2], [.52, .02], [.2, .18], [.22, .42], [.5, .5], [.8, .26], [.84, .18], [.8, .55], [.7, 1]]],
];
const TABLE = ['45 790 12', '308  64', '27 516 83', '9 142 70'];
const SUDOKU = ['53  7    ', '6  195   ', ' 98    6 ', '8   6   3', '4  8 3  1', '7   2   6',
  ' 6    28 ', '   419  5', '    8  79'];
/** The width of a digit, in its height. */
const WIDE = 0.62;
/** How many pixels of a sheet its icon shows. */
const CORNER = 200;

/** Points on a smooth line near those of a stroke, which turns sharply where one stands twice. */
function smooth(points) {
  const middle = (one, other) => one.map((each, k) => (each + other[k]) / 2);
  return [points[0], ...points.slice(1, -1).flatMap((point, i) => {
    const from = i === 0 ? points[0] : middle(points[i], point);
    const to = i === points.length - 3 ? points.at(-1) : middle(point, points[i + 2]);
    return [.125, .25, .375, .5, .625, .75, .875, 1].map(t => point.map((each, k) =>
      (1 - t) ** 2 * from[k] + 2 * t * (1 - t) * each + t ** 2 * to[k]));
  }), points.at(-1)];
}

/** The strokes of a digit as a hand may write them: a little turned, narrower or lower, the same each time. */
export function written(digit, left, top, height, seed = 0) {
  const [turn, wide, low] = [7, 11, 13].map(each => (each * (seed + 1) + 3 * digit) % 10 / 10 - .5);
  return STROKES[digit].map(points => smooth(points).map(([x, y]) => [
    left + height * (WIDE * (x - .5) * (1 + .2 * wide) - .16 * turn * (y - .5) + WIDE / 2),
    top + height * (.08 * low + y + .12 * turn * WIDE * (x - .5)),
  ]));
}

/** Draws digits on a canvas. */
function write(context, digits, left, top, height, seed) {
  context.beginPath();
  [...digits].forEach((digit, i) => written(Number(digit), left + i * height * .85, top, height, seed + i)
      .forEach(points => points.forEach((point, k) => k === 0 ? context.moveTo(...point) : context.lineTo(...point))));
  context.lineWidth = height / 9;
  context.lineCap = context.lineJoin = 'round';
  context.strokeStyle = '#1f2a4d';
  context.stroke();
}

/** A sheet of paper with a grid, and what is written in its cells. */
function sheet(rows, columns, [width, height], size, content) {
  const margin = 40;
  const canvas = document.createElement('canvas');
  canvas.width = columns * width + 2 * margin;
  canvas.height = rows * height + 2 * margin;
  const context = canvas.getContext('2d');
  context.fillStyle = '#fbfaf5';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.strokeStyle = '#b9c4d0';
  for (let i = 0; i <= Math.max(rows, columns); i++) {
    context.beginPath();
    context.lineWidth = i % 3 === 0 && rows === columns ? 3 : 1.5;
    for (const [most, end, point] of [[rows, columns * width, at => [margin + at, margin + i * height]],
      [columns, rows * height, at => [margin + i * width, margin + at]]]) {
      if (i <= most) {
        context.moveTo(...point(0));
        context.lineTo(...point(end));
      }
    }
    context.stroke();
  }
  content.forEach((row, i) => row.forEach((digits, j) => {
    const left = margin + j * width + (width - size * (.85 * digits.length - .25)) / 2;
    write(context, digits.trim(), left, margin + i * height + (height - size) / 2, size, 3 * i + 5 * j);
  }));
  return canvas;
}

/** What a button shows. */
function icon(draw) {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 112;
  draw(canvas.getContext('2d'));
  return canvas;
}

const digit = value => ({what: `the digit ${value}`, link: String(value), value,
  icon: icon(context => write(context, String(value), 34, 20, 72, 0))});

/** The icon is its upper left corner, as all of it would be too small to see. */
const page = (name, canvas) => ({what: `a ${name}`, link: name, name: `${name}.png`, canvas,
  icon: icon(context => context.drawImage(canvas, 20, 20, CORNER, CORNER, 0, 0, 112, 112))});

/**
 * What there is to click: what it is, what comes after # in a link to it, its icon, and the digit, or the sheet of paper and the
 * name of its file.
 */
export const examples = () => [...[3, 5, 8].map(digit),
  page('table', sheet(4, 3, [170, 80], 44, TABLE.map(row => row.split(' ')))),
  page('sudoku', sheet(9, 9, [62, 62], 38, SUDOKU.map(row => [...row])))];
