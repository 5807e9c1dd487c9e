// What was read on the photograph of a page: boxes on it, the lines as text, which is corrected by hand, and a bound of
// confidence that works at once.

import {cells} from './cells.js';
import {byId, copies, percent} from './common.js';

const MOST_LISTED = 20;
/** More marks, none of which is a digit, are a page without digits. */
const MOST_MARKS = 4;
/** In heights of a digit: how high its label is, and how far it is above the box. */
const LABEL = 0.5;
const ABOVE = 0.12;

/** In heights of a digit: how much of the photograph a close-up shows. */
const CLOSE_UP = 2.2;
const EMPTY = '·';

const [photo, boxes, read, minimum, text, unsure, marks, gaps, correct, figure, zoom] =
  ['photo', 'boxes', 'read', 'minimum', 'text', 'unsure', 'marks', 'gaps', 'correct', 'page', 'zoom'].map(byId);

/**
 * In their order: the line, the place in it, the digit that was read, its confidence, its value now, empty if it was taken out,
 * whether that is by hand, and what shows it in the text and on the photograph.
 */
let digits = [];
let lines = []; // of digits
let rows = []; // of cells of numbers of digits
let isOfDigits = true; // the page looks like one of digits
let chosen = null; // the digit that is corrected
let name = ''; // of the downloads, without what follows the dot

const counted = (count, one) => `${count} ${one}${count === 1 ? '' : 's'}`;

function svg(tag, attributes) {
  const made = document.createElementNS(boxes.namespaceURI, tag);
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  return made;
}

function box([left, top, width, height]) {
  const around = {x: left, y: top, width, height};
  return [svg('rect', {...around, class: 'halo'}), svg('rect', {...around, class: 'box'})];
}

/** A digit on the photograph: its box, and above it what it was taken for. */
function onPhoto({box: sides}, size, index) {
  const group = svg('g', {'data-index': index});
  const label = svg('text', {x: sides[0], y: Math.max(LABEL * size, sides[1] - ABOVE * size), 'font-size': LABEL * size});
  group.append(svg('title', {}), ...box(sides), label);
  return group;
}

function inText(index) {
  const made = document.createElement('span');
  made.role = 'button';
  made.dataset.index = index;
  return made;
}

// ------------------------------------------------------------------------------------------------ what is taken away

/** A digit as it is taken away. */
const value = digit => digit.isUnsure && marks.checked ? '?' : digit.value;

const ofCell = cell => cell.map(number => number.map(value).join('')).join(' ');

/** The cells as texts. */
const shownRows = () => (gaps.checked ? rows : lines.map(line => [[line]])).map(row => row.map(ofCell));

const copied = () => shownRows().map(row => row.join('\t')).join('\n');

const asCsv = () => shownRows().map(row => row.join(',') + '\r\n').join('');

const asJson = () => JSON.stringify({text: copied(), rows: shownRows(), lines: lines.map(line => {
  const left = line.filter(digit => digit.value !== '');
  return {text: left.map(value).join(''), digits: left.map(digit =>
    ({digit: value(digit), confidence: digit.confidence, byHand: digit.isByHand, box: digit.box}))};
})}, null, 2) + '\n';

function downloads(button, ending, type, made) {
  button.addEventListener('click', () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([made()], {type}));
    link.download = `${name}.${ending}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000); // once the browser has it
  });
}

// ------------------------------------------------------------------------------------------------------- what is shown

/** Shows the digits in their cells, one below the other. */
function lay() {
  const cells = gaps.checked ? rows : lines.map(line => [[line]]);
  const width = cell => cell.flat().length + Math.max(0, cell.length - 1);
  const widths = cells[0].map((_, i) => Math.max(1, ...cells.map(row => width(row[i]))));
  text.replaceChildren(...cells.flatMap((row, i) => [...(i === 0 ? [] : ['\n']), ...row.flatMap((cell, j) => [
    ...cell.flatMap((number, k) => [...(k === 0 ? [] : [' ']), ...number.map(digit => digit.inText)]),
    (cell.length === 0 ? EMPTY : '') + (j === row.length - 1 ? ''
        : ' '.repeat(widths[j] - Math.max(1, width(cell)) + (widths.every(each => each === 1) ? 1 : 2))),
  ])]));
}

/** Marks what is below the bound. */
function judge() {
  const bound = Number(minimum.value);
  byId('bound').textContent = bound.toFixed(2);
  minimum.setAttribute('aria-valuetext', `${Math.round(100 * bound)} percent`);
  digits.forEach(each => each.isUnsure = !each.isByHand && (!isOfDigits || each.confidence < bound));
  const below = digits.filter(each => each.isUnsure);
  digits.forEach(each => {
    const share = each.isByHand ? 'by hand' : percent(each.confidence) + (each.isUnsure ? ', unsure' : '');
    const now = each.value === '' ? `${each.digit}, taken out` : `${each.value}, ${share}`;
    for (const shown of [each.inText, each.onPhoto]) {
      shown.classList.toggle('unsure', each.isUnsure);
      shown.classList.toggle('by-hand', each.isByHand);
      shown.classList.toggle('gone', each.value === '');
    }
    each.inText.textContent = value(each) || each.digit;
    each.inText.title = now;
    each.inText.ariaLabel = now;
    each.inText.tabIndex = each.isUnsure || each === chosen || below.length === 0 && each === digits[0] ? 0 : -1;
    each.onPhoto.querySelector('title').textContent = now;
    each.onPhoto.querySelector('text').textContent = each.value;
  });
  const left = digits.filter(each => each.value !== '').length;
  const byHand = digits.filter(each => each.isByHand).length;
  const said = digits.length === 0 ? 'No digits'
      : `${counted(left, 'digit')} in ${counted(lines.length, 'line')}, `
          + (byHand === 0 ? '' : `${byHand} by hand, `)
          + (below.length === 0 ? 'all of them sure' : `${below.length} of them unsure`);
  if (read.textContent !== said) {
    read.textContent = said;
  }
  unsure.replaceChildren(...below.slice(0, MOST_LISTED).map(({line, place, digit, confidence}) => {
    const item = document.createElement('li');
    item.textContent = `Line ${line + 1}, digit ${place + 1}: perhaps ${digit}, ${percent(confidence)}`;
    return item;
  }));
  if (below.length > MOST_LISTED) {
    const item = document.createElement('li');
    item.textContent = `and ${below.length - MOST_LISTED} more`;
    unsure.append(item);
  }
  describe();
}

// ------------------------------------------------------------------------------------------------------- correction

/** Shows the digit that is to be corrected. */
function choose(digit) {
  chosen = digit;
  correct.hidden = false;
  const [left, top, width, height] = digit.box;
  const side = CLOSE_UP * Math.max(width, height);
  const canvas = byId('close-up');
  const context = canvas.getContext('2d');
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.drawImage(photo, left + (width - side) / 2, top + (height - side) / 2, side, side, 0, 0, canvas.width, canvas.height);
  const scale = canvas.width / side;
  context.strokeStyle = '#b43c00';
  context.lineWidth = 2;
  context.strokeRect((side - width) / 2 * scale - 4, (side - height) / 2 * scale - 4, width * scale + 8, height * scale + 8);
  judge();
}

function describe() {
  if (chosen) {
    byId('chosen').textContent = `Line ${chosen.line + 1}, digit ${chosen.place + 1}: ${chosen.inText.title}`
        + (chosen.isByHand ? `. It was read as ${chosen.digit}, ${percent(chosen.confidence)}` : '');
  }
}

/** Sets the chosen digit; an empty value takes it out. */
function set(newValue, isByHand = true) {
  Object.assign(chosen, {value: newValue, isByHand});
  judge();
}

function next(step, isWanted) {
  const from = digits.indexOf(chosen);
  for (let i = 1; i <= digits.length; i++) {
    const each = digits[(from + step * i + digits.length * i) % digits.length];
    if (isWanted(each)) {
      each.inText.focus();
      return;
    }
  }
}

/** To the digit of another line that is nearest. */
function climb(step) {
  const away = digit => Math.abs(digit.inText.offsetLeft - chosen.inText.offsetLeft);
  [...lines[chosen.line + step] ?? []].sort((one, other) => away(one) - away(other))[0]?.inText.focus();
}

const nextUnsure = () => next(1, each => each.isUnsure);

const keys = {
  Delete: () => set(''), Backspace: () => set(''), Enter: () => set(chosen.value), ' ': () => set(chosen.value),
  Escape: () => set(chosen.digit, false), n: nextUnsure, ArrowUp: () => climb(-1), ArrowDown: () => climb(1),
  ArrowLeft: () => next(-1, () => true), ArrowRight: () => next(1, () => true),
};

text.addEventListener('focusin', ({target}) => choose(digits[target.dataset.index]));
text.addEventListener('keydown', event => {
  const done = /^[0-9]$/.test(event.key) ? () => set(event.key) : keys[event.key];
  if (done && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    done();
  }
});
for (const [label, done, said] of [...Array.from('0123456789', digit => [digit, () => set(digit), `It is ${digit}`]),
  ['None', () => set(''), 'It is no digit'], ['Right', () => set(chosen.value), 'It is right'], ['Next unsure', nextUnsure]]) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = label;
  button.title = said ?? '';
  button.addEventListener('click', done);
  byId('keys').append(button);
}

// ------------------------------------------------------------------------------------------------------------- zoom

/** Shows the photograph as large as it is, with the place of a tap in the middle. */
function enlarge(x = 0, y = 0) {
  const shown = photo.clientWidth;
  zoom.append(figure);
  zoom.showModal();
  figure.style.width = `${Math.max(photo.width, 2 * shown)}px`;
  zoom.scrollTo(x * photo.clientWidth - zoom.clientWidth / 2, y * photo.clientHeight - zoom.clientHeight / 2);
}

figure.addEventListener('click', ({target, offsetX, offsetY}) => {
  const digit = digits[target.closest('[data-index]')?.dataset.index];
  if (zoom.open) {
    zoom.close();
  } else if (digit) {
    digit.inText.focus();
  } else {
    enlarge(offsetX / photo.clientWidth, offsetY / photo.clientHeight);
  }
});
zoom.addEventListener('close', () => {
  figure.style.width = '';
  byId('paper').append(figure);
});
byId('enlarge').addEventListener('click', () => enlarge());
byId('unzoom').addEventListener('click', () => zoom.close());

// ------------------------------------------------------------------------------------------------------------ a page

/** Whether it is a page that was read: one digit alone is a picture of a digit, and so may few marks be. */
export function isPage({lines, others}) {
  const count = lines.reduce((sum, line) => sum + line.digits.length, 0);
  return count > 1 || count === 0 && others.length > MOST_MARKS;
}

/**
 * Shows what was read on a picture, in whose pixels the boxes are.
 *
 * @param file the name of the picture's
 */
export function showPage(picture, said, file) {
  photo.width = picture.width;
  photo.height = picture.height;
  photo.getContext('2d').drawImage(picture, 0, 0);
  boxes.setAttribute('viewBox', `0 0 ${picture.width} ${picture.height}`);
  isOfDigits = said.ofDigits;
  name = file.replace(/\.[^.]*$/, '') || 'page';
  chosen = null;
  correct.hidden = true;
  lines = said.lines.map((line, i) => line.digits.map((digit, place) =>
    ({...digit, line: i, place, value: digit.digit, isByHand: false})));
  digits = lines.flat();
  const heights = digits.map(each => each.box[3]).sort((one, other) => one - other);
  const size = heights[heights.length >> 1]; // not used if there are none
  digits.forEach((each, i) => {
    each.inText = inText(i);
    each.onPhoto = onPhoto(each, size, i);
  });
  const others = svg('g', {class: 'other'});
  others.append(...said.others.flatMap(other => box(other.box)));
  boxes.replaceChildren(others, ...digits.map(each => each.onPhoto));
  rows = cells(lines, said.degrees);
  byId('with-gaps').hidden = rows.every(row => row.length < 2 && row[0].length < 2);
  photo.setAttribute('aria-label', digits.length === 0 ? 'The photograph'
      : `The photograph, with a box around each digit of ${counted(said.lines.length, 'line')}`);
  byId('page-note').textContent = did(said);
  toggle(true);
  byId('of-digits').hidden = digits.length === 0;
  byId('problem').textContent = isOfDigits || digits.length === 0 ? ''
      : 'This does not look like an upright page of digits, so none of them is sure';
  if (digits.length > 0) {
    lay();
  }
  judge();
}

/** What is doubtful about the page, and what was left out. */
function did({degrees, turn, words, mayBeUpsideDown, others}) {
  const sentences = [];
  if (turn > 0) {
    sentences.push(`The page is not upright: turn the picture clockwise by ${turn}°.`);
  }
  if (mayBeUpsideDown) {
    sentences.push('The page may be upside down: turn it by 180° if it is.');
  }
  if (Math.abs(degrees) >= 0.5) {
    sentences.push(`Its lines are not level, by ${Math.abs(degrees).toFixed(1)}°.`);
  }
  if (words > 0) {
    sentences.push(`${counted(words, 'word')} left out.`);
  }
  if (others.length > 0) {
    sentences.push(`${counted(others.length, 'thing')} in grey: no digit.`);
  }
  return sentences.join(' ');
}

export function hidePage() {
  zoom.close();
  toggle(false);
  digits = lines = [];
  chosen = null;
  boxes.replaceChildren();
  photo.width = photo.height = 1; // gives back its memory
}

function toggle(isShown) {
  document.body.classList.toggle('of-page', isShown);
  byId('page').hidden = byId('page-title').hidden = byId('reading').hidden = byId('enlarge').hidden = !isShown;
  byId('board').hidden = byId('draw-title').hidden = byId('answer').hidden = isShown;
}

minimum.addEventListener('input', judge);
marks.addEventListener('change', judge);
gaps.addEventListener('change', lay);
copies(byId('copy'), copied, text);
downloads(byId('csv'), 'csv', 'text/csv', asCsv);
downloads(byId('json'), 'json', 'application/json', asJson);

/** A digit at the pointer is marked in the text and on the photograph. */
for (const area of [text, boxes]) {
  for (const event of ['pointerover', 'pointerout']) {
    area.addEventListener(event, ({target}) => {
      const shown = digits[target.closest('[data-index]')?.dataset.index];
      for (const each of shown ? [shown.inText, shown.onPhoto] : []) {
        each.classList.toggle('pointed', event === 'pointerover');
      }
    });
  }
}
