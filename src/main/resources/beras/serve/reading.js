// What was read on the photograph of a page: boxes on it, the lines as text, and a bound of confidence that works at once.

import {byId, copies, percent} from './common.js';

const MOST_LISTED = 20;
/** More marks, none of which is a digit, are a page without digits. */
const MOST_MARKS = 4;
/** In heights of a digit: how high its label is, and how far it is above the box. */
const LABEL = 0.5;
const ABOVE = 0.12;

const [photo, boxes, read, minimum, text, unsure, marks] =
  ['photo', 'boxes', 'read', 'minimum', 'text', 'unsure', 'marks'].map(byId);

/** In their order: the line, the place in it, the digit, its confidence, and what shows it in the text and on the photograph. */
let digits = [];
let isOfDigits = true; // the page looks like one of digits

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
function onPhoto({digit, confidence, box: sides}, size, index) {
  const group = svg('g', {'data-index': index});
  const label = svg('text', {x: sides[0], y: Math.max(LABEL * size, sides[1] - ABOVE * size), 'font-size': LABEL * size});
  label.textContent = digit;
  const title = svg('title', {});
  title.textContent = `${digit}, ${percent(confidence)}`;
  group.append(title, ...box(sides), label);
  return group;
}

function inText({digit, confidence}, index) {
  const made = document.createElement('span');
  made.textContent = digit;
  made.title = percent(confidence);
  made.dataset.index = index;
  return made;
}

/** The lines as they are to be copied. */
function copied() {
  const lines = [];
  digits.forEach(({line, digit, isUnsure}) => lines[line] = (lines[line] ?? '') + (isUnsure && marks.checked ? '?' : digit));
  return lines.join('\n');
}

/** Marks what is below the bound. */
function judge() {
  const bound = Number(minimum.value);
  byId('bound').textContent = bound.toFixed(2);
  minimum.setAttribute('aria-valuetext', `${Math.round(100 * bound)} percent`);
  const below = [];
  for (const each of digits) {
    each.isUnsure = !isOfDigits || each.confidence < bound;
    each.inText.classList.toggle('unsure', each.isUnsure);
    each.onPhoto.classList.toggle('unsure', each.isUnsure);
    each.inText.textContent = each.isUnsure && marks.checked ? '?' : each.digit;
    if (each.isUnsure) {
      below.push(each);
    }
  }
  const said = digits.length === 0 ? 'No digits'
      : `${counted(digits.length, 'digit')} in ${counted(digits.at(-1).line + 1, 'line')}, `
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
}

/** Whether it is a page that was read: one digit alone is a picture of a digit, and so may few marks be. */
export function isPage({lines, others}) {
  const count = lines.reduce((sum, line) => sum + line.digits.length, 0);
  return count > 1 || count === 0 && others.length > MOST_MARKS;
}

/** Shows what was read on a picture, in whose pixels the boxes are. */
export function showPage(picture, said) {
  photo.width = picture.width;
  photo.height = picture.height;
  photo.getContext('2d').drawImage(picture, 0, 0);
  boxes.setAttribute('viewBox', `0 0 ${picture.width} ${picture.height}`);
  isOfDigits = said.ofDigits;
  digits = said.lines.flatMap((line, i) => line.digits.map((digit, place) => ({...digit, line: i, place})));
  const heights = digits.map(each => each.box[3]).sort((one, other) => one - other);
  const size = heights[heights.length >> 1]; // not used if there are none
  digits.forEach((each, i) => {
    each.inText = inText(each, i);
    each.onPhoto = onPhoto(each, size, i);
  });
  const others = svg('g', {class: 'other'});
  others.append(...said.others.flatMap(other => box(other.box)));
  boxes.replaceChildren(others, ...digits.map(each => each.onPhoto));
  text.replaceChildren(...said.lines.flatMap((line, i) =>
    [...(i === 0 ? [] : ['\n']), ...digits.filter(each => each.line === i).map(each => each.inText)]));
  photo.setAttribute('aria-label', digits.length === 0 ? 'The photograph'
      : `The photograph, with a box around each digit of ${counted(said.lines.length, 'line')}`);
  byId('page-note').textContent = did(said);
  toggle(true);
  byId('of-digits').hidden = digits.length === 0;
  byId('problem').textContent = isOfDigits || digits.length === 0 ? ''
      : 'This does not look like a page of digits, so none of them is sure';
  judge();
}

/** What was done to the page before it was read, and what was left out. */
function did({degrees, sheet, turned, words, mayBeUpsideDown, others}) {
  const sentences = [];
  if (sheet) {
    sentences.push('The sheet was found on its ground.');
  }
  if (turned > 0) {
    sentences.push(`The page was turned by ${turned}° to be read.`);
  }
  if (mayBeUpsideDown) {
    sentences.push('The page may be upside down: turn it by 180° if it is.');
  }
  const rest = Math.abs(((degrees + turned + 540) % 360) - 180); // of the lines, once it is turned
  if (rest >= 0.5) {
    sentences.push(`Its lines are not level, by ${rest.toFixed(1)}°.`);
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
  toggle(false);
  digits = [];
  boxes.replaceChildren();
  photo.width = photo.height = 1; // gives back its memory
}

function toggle(isShown) {
  document.body.classList.toggle('of-page', isShown);
  byId('page').hidden = byId('page-title').hidden = byId('reading').hidden = !isShown;
  byId('board').hidden = byId('draw-title').hidden = byId('answer').hidden = isShown;
}

minimum.addEventListener('input', judge);
marks.addEventListener('change', judge);
copies(byId('copy'), copied, text);

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
