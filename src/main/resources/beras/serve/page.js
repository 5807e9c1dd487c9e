// The page of a model: paper for models of images, a form for models of tables. It asks its own server alone.

import {byId, percent, shareOf} from './common.js';
import {examples, written} from './examples.js';
import {prepare, Unsent} from './pictures.js';
import {hidePage, isPage, showPage} from './reading.js';

const MOST_LABELS = 10;
const MOST_CHOICES = 60;
/** Below such a share the answer looks as unsure as it is. */
const SURE = 0.6;
/** What is answered sooner is not said to be worked on, in ms. */
const SOON = 300;
/** A picture whose sides are so unlike those of the model's images gets bars, by the logarithm of their ratio. */
const UNLIKE = 0.1;

const [what, result, answer, problem, labels] = ['what', 'result', 'answer', 'problem', 'labels'].map(byId);

/** Posts a body; gives what the server answers, and throws what it has to say against it. */
async function post(path, type, body) {
  const response = await fetch(path, {method: 'POST', headers: {'Content-Type': type}, body, signal: stopper?.signal});
  const said = await response.json();
  if (!response.ok) {
    throw Object.assign(new Error(said.detail), {status: response.status, errors: said.errors ?? []});
  }
  return said;
}

let stopper = null; // of the question that is being answered

/** Why a question that was stopped by hand has no answer. */
class Stopped extends Error {}

/** Works on a question, which can be stopped: the server ends its work when nobody waits for it. */
async function working(text, ask) {
  stopper = new AbortController();
  const since = performance.now();
  const shown = () => {
    const time = performance.now() - since;
    if (time >= SOON && byId('busy').hidden) {
      doing(text);
    }
    byId('seconds').textContent = `${Math.floor(time / 1000)} s`;
  };
  const timer = setInterval(shown, SOON);
  try {
    await ask();
  } finally {
    clearInterval(timer);
    stopper = null;
    doing('');
  }
}

/** Says what is being done; nothing if it is done. */
function doing(text) {
  const hadFocus = document.activeElement === byId('stop');
  byId('busy').hidden = text === '';
  byId('doing').textContent = text;
  byId('seconds').textContent = '';
  result.ariaBusy = String(text !== '');
  if (hadFocus && text === '') {
    byId('result-title').focus();
  }
}

byId('stop').addEventListener('click', () => stopper?.abort(new Stopped('Stopped')));

/** Asks one question at a time; of those that come meanwhile the last one. */
function asking(text, ask) {
  let busy = false;
  let again = false;
  return async () => {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    do {
      again = false;
      try {
        await working(text, ask);
      } catch (error) {
        again &&= !(error instanceof Stopped);
        if (!again) {
          complain(error);
        }
      }
    } while (again);
    busy = false;
  };
}

// ---------------------------------------------------------------------------------------------------------- results

const plain = new Intl.NumberFormat('en', {maximumSignificantDigits: 4});

function complain(error) {
  problem.textContent = error instanceof TypeError ? 'The server does not answer. Is it still running?' : error.message;
  forget();
}

/** Nothing is known any more. */
function forget() {
  answer.replaceChildren();
  labels.replaceChildren();
  byId('views').hidden = true;
  byId('remark').textContent = '';
  hidePage();
}

/** An error about a picture in words for whoever dropped it, with the name of its file. */
function named(error, name) {
  if (error instanceof TypeError || error instanceof Unsent || error instanceof Stopped) {
    return error;
  }
  return new Error(error.message
      .replace(/^The picture: expected (.*?)\. Received: /, (all, what) => `${name} is not ${what}, but `)
      .replace(/^The picture:/, () => `${name}:`));
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

/** Shows a prediction. What has not changed is left alone, so that screen readers read what has. */
function show(prediction) {
  result.hidden = false;
  problem.textContent = '';
  const isLabel = 'label' in prediction;
  const isRejected = isLabel && prediction.label === null;
  const best = isRejected ? prediction.closest : prediction.label;
  const main = isRejected ? what.dataset.rejection : isLabel ? best : String(prediction.prediction);
  const isProbable = 'probabilities' in prediction;
  const scores = isProbable ? prediction.probabilities : prediction.scores;
  const number = isProbable ? percent : plain.format;
  const within = 'set' in prediction ? `, among ${prediction.set.join(', ')}`
      : 'lower' in prediction ? `, ${prediction.lower} to ${prediction.upper}` : '';
  const isUnsure = isLabel && !isRejected && isProbable && scores[best] < SURE;
  const more = (isRejected ? `closest: ${best}, ` : '') + (isLabel ? number(scores[best]) : what.dataset.target) + within
      + (isUnsure ? ', not sure' : '');
  if (answer.textContent !== `${main} ${more}`) {
    answer.replaceChildren(element('b', isRejected ? 'rejected' : isUnsure ? 'doubtful' : '', main), ` ${more}`);
  }
  if (!isLabel) {
    return;
  }
  let shares = Object.entries(scores);
  if (shares.length > MOST_LABELS || what.dataset.sorted) {
    shares = shares.sort((one, other) => other[1] - one[1]).slice(0, MOST_LABELS);
  }
  labels.replaceChildren(...shares.map(([label, share]) => {
    const line = element('li', label !== prediction.label ? '' : isUnsure ? 'best doubtful' : 'best', '');
    const bar = element('span', 'bar', '');
    bar.style.setProperty('--share', isProbable ? `${100 * share}%` : '0%');
    line.append(element('span', 'label', label), bar, element('span', 'share', number(share)));
    return line;
  }));
}

// ---------------------------------------------------------------------------------------------------------- images

/**
 * Paper of 28 x 28 units: lines in ink for the eye, black on white for the server. A model of other images than digits gets
 * pictures alone.
 */
function paper(model) {
  const board = byId('board');
  const hint = byId('hint');
  const units = 28;
  const pen = 2.2;
  const sheet = document.createElement('canvas'); // what the server gets
  sheet.width = sheet.height = 10 * units;
  let lines = [];
  let line = null; // that is being drawn
  let keyboard = null; // where the keyboard's pen is
  let picture = null; // instead of lines

  function draw(canvas, ink, ground) {
    const context = canvas.getContext('2d');
    const scale = canvas.width / units;
    context.clearRect(0, 0, canvas.width, canvas.height);
    if (ground) {
      context.fillStyle = ground;
      context.fillRect(0, 0, canvas.width, canvas.height);
    }
    context.strokeStyle = ink;
    context.lineWidth = pen * scale;
    context.lineCap = context.lineJoin = 'round';
    for (const points of lines) {
      context.beginPath();
      points.forEach(([x, y], i) => i === 0 ? context.moveTo(x * scale, y * scale) : context.lineTo(x * scale, y * scale));
      if (points.length === 1) {
        context.lineTo(points[0][0] * scale + 0.1, points[0][1] * scale); // a line of no length would not be drawn
      }
      context.stroke();
    }
  }

  function paint() {
    const style = getComputedStyle(document.documentElement);
    hint.hidden = lines.length > 0 || keyboard !== null || picture !== null;
    draw(board, style.getPropertyValue('--ink'));
    const context = board.getContext('2d');
    if (picture) {
      const scale = Math.min(board.width / picture.width, board.height / picture.height);
      const [width, height] = [picture.width * scale, picture.height * scale];
      context.drawImage(picture, (board.width - width) / 2, (board.height - height) / 2, width, height);
    }
    if (keyboard && document.activeElement === board) {
      const scale = board.width / units;
      context.beginPath();
      context.arc(keyboard.x * scale, keyboard.y * scale, pen * scale / 2 + 4, 0, 2 * Math.PI);
      context.lineWidth = keyboard.down ? 8 : 3;
      context.strokeStyle = style.getPropertyValue('--accent');
      context.stroke();
    }
  }

  const ask = asking('Asking the model …', async () => {
    if (lines.length > 0) {
      draw(sheet, '#000000', '#ffffff');
      const body = await new Promise(done => sheet.toBlob(done, 'image/png'));
      const said = await post('explain', body.type, body);
      if (lines.length > 0) { // else all was cleared meanwhile
        explained(said);
      }
    } else if (file) {
      const chosen = file;
      try {
        await askFor(chosen, () => file === chosen);
      } catch (error) {
        throw named(error, chosen.name);
      }
    } else {
      problem.textContent = '';
      forget();
    }
  });
  let file = null;

  /** Asks for a file, as long as it is the one that was chosen last. */
  async function askFor(chosen, isLast) {
    byId('paper').classList.add('busy');
    forget();
    problem.textContent = '';
    doing('Opening the picture …');
    try {
      const prepared = await prepare(chosen, model);
      if (!isLast()) {
        return;
      }
      picture = prepared.picture;
      paint();
      doing(model.pages ? 'Reading the page …' : 'Looking at the picture …');
      const page = model.pages && picture ? await pageOf(prepared.body) : null;
      if (!isLast()) {
        return;
      }
      if (page && isPage(page)) {
        forget();
        problem.textContent = '';
        result.hidden = false;
        showPage(picture, page, chosen.name);
        return;
      }
      const said = await post('explain', prepared.body.type, prepared.body);
      if (isLast()) {
        explained(said);
        const isOther = picture && !model.drawing
            && Math.abs(Math.log(picture.width / picture.height / (model.width / model.height))) > UNLIKE;
        byId('remark').textContent = isOther ? `The picture has another shape than ${model.width} × ${model.height}: black bars fill`
            + ' the rest. Cut it to that shape if it is told wrongly' : '';
      }
    } finally {
      byId('paper').classList.remove('busy');
    }
  }

  /** What is written on a page; null if it is refused, as what is no page may be. */
  async function pageOf(body) {
    try {
      return await post('read', body.type, body);
    } catch (error) {
      if (error.status === 400) {
        return null;
      }
      throw error;
    }
  }

  function explained(said) {
    hidePage();
    show(said.prediction);
    look(said);
  }

  function changed() {
    requestAnimationFrame(paint);
    ask();
  }

  function erase() {
    lines = [];
    line = null;
    picture = null;
    file = null;
    hidePage();
  }

  function begin(point) {
    if (picture) {
      erase();
    }
    line = [point];
    lines.push(line);
    changed();
  }

  function place(event) {
    const box = board.getBoundingClientRect();
    return [units * (event.clientX - box.left) / box.width, units * (event.clientY - box.top) / box.height];
  }

  board.addEventListener('pointerdown', event => {
    if (model.drawing && event.button === 0 && event.isPrimary) {
      board.setPointerCapture(event.pointerId);
      keyboard = null;
      begin(place(event));
    }
  });
  board.addEventListener('pointermove', event => {
    if (line && !keyboard && event.isPrimary) {
      const events = event.getCoalescedEvents?.() ?? [];
      line.push(...(events.length > 0 ? events : [event]).map(place));
      changed();
    }
  });
  for (const end of ['pointerup', 'pointercancel']) {
    board.addEventListener(end, event => {
      if (event.isPrimary && !keyboard) {
        line = null;
      }
    });
  }

  const moves = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};
  board.addEventListener('keydown', event => {
    const move = moves[event.key];
    if (event.key === 'Backspace') {
      undo();
    } else if (event.key === 'Delete') {
      clear();
    } else if (model.drawing && (move || event.key === ' ')) {
      keyboard ??= {x: units / 2, y: units / 4, down: false};
      if (move) {
        const step = event.shiftKey ? 4 : 1;
        keyboard.x = Math.min(units - pen, Math.max(pen, keyboard.x + step * move[0]));
        keyboard.y = Math.min(units - pen, Math.max(pen, keyboard.y + step * move[1]));
      } else {
        keyboard.down = !keyboard.down;
      }
      if (!keyboard.down) {
        line = null;
        requestAnimationFrame(paint);
      } else if (line) {
        line.push([keyboard.x, keyboard.y]);
        changed();
      } else {
        begin([keyboard.x, keyboard.y]);
      }
    } else {
      return;
    }
    event.preventDefault();
  });
  for (const change of ['focus', 'blur']) {
    board.addEventListener(change, () => requestAnimationFrame(paint));
  }

  function undo() {
    if (picture) {
      erase();
    }
    lines.pop();
    line = null;
    lift();
    changed();
  }

  function clear() {
    stopper?.abort();
    erase();
    lift();
    changed();
  }

  function lift() {
    if (keyboard) {
      keyboard.down = false;
    }
  }

  function take(chosen) {
    if (!chosen) {
      return;
    }
    erase();
    file = chosen;
    stopper?.abort(); // what is asked about another picture
    changed();
  }

  /** Does what a visitor would: draws a digit, or chooses a picture. */
  function tryOut({canvas, value, name}) {
    if (name) {
      canvas.toBlob(blob => take(new File([blob], name, {type: blob.type})));
      return;
    }
    stopper?.abort(); // what is asked about a picture
    erase();
    lift();
    lines = written(value, units / 2 - 5.6, units / 2 - 9, 18);
    changed();
  }

  byId('undo').addEventListener('click', undo);
  byId('clear').addEventListener('click', clear);
  for (const input of [byId('file'), byId('shot')]) {
    input.addEventListener('change', () => {
      take(input.files[0]);
      input.value = ''; // so that the same file can be chosen again
    });
  }
  const paperElement = byId('paper');
  paperElement.addEventListener('dragover', event => {
    event.preventDefault();
    paperElement.classList.add('over');
  });
  paperElement.addEventListener('dragleave', () => paperElement.classList.remove('over'));
  for (const event of ['dragover', 'drop']) {
    window.addEventListener(event, e => e.preventDefault()); // a picture beside the paper does not replace the page
  }
  paperElement.addEventListener('drop', event => {
    paperElement.classList.remove('over');
    take(event.dataTransfer.files[0]);
  });
  window.addEventListener('paste', event => take(event.clipboardData.files[0]));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    paint();
    if (byId('page').hidden) { // whose colours are those of the style
      ask();
    }
  });

  if (model.pages) {
    byId('draw-title').textContent = 'Draw a digit, or choose a page';
    hint.textContent = 'Draw a digit here, or drop a photograph of one digit or of a page of them';
  }
  if (!model.drawing) {
    byId('draw-title').textContent = 'Choose a picture';
    hint.textContent = 'Drop a picture here';
    board.setAttribute('aria-label', 'The picture');
    byId('draw-help').textContent = 'A picture can be dropped, pasted or chosen. Delete takes it away.';
    byId('undo').hidden = true;
  }
  byId('images').hidden = false;
  result.hidden = false;
  paint();
  if (model.pages) {
    const all = examples();
    byId('examples').append(...all.map(example => {
      const button = element('button', 'example', '');
      button.type = 'button';
      button.title = button.ariaLabel = `Try ${example.what}`;
      button.append(example.icon);
      button.addEventListener('click', () => {
        tryOut(example);
        const title = byId('result-title');
        if (title.getBoundingClientRect().top > 0.8 * innerHeight) {
          title.scrollIntoView({block: 'center'}); // so that the answer is in sight
        }
      });
      return button;
    }));
    byId('examples').hidden = false;
    all.filter(({link}) => location.hash === `#${link}`).forEach(tryOut);
  }
}

/** Draws the image that the net sees, and how much each of its pixels spoke for the answer. */
function look({height, width, channels, pixels, contributions}) {
  const style = getComputedStyle(document.documentElement);
  const rgb = name => style.getPropertyValue(name).trim().match(/[0-9a-f]{2}/gi).map(part => parseInt(part, 16));
  const [ink, plus, minus] = ['--ink', '--for', '--against'].map(rgb);
  const most = Math.max(Number.MIN_VALUE, ...contributions.map(Math.abs));
  const brightness = i => pixels.slice(i * channels, (i + 1) * channels).reduce((sum, part) => sum + part) / channels;
  colour('seen', i => channels === 3 ? [...pixels.slice(3 * i, 3 * i + 3), 255] : [255, 255, 255, pixels[i]]);
  colour('spoke', i => {
    const share = Math.abs(contributions[i]) / most;
    return share < 0.04 ? [...ink, brightness(i) / 8] : [...(contributions[i] > 0 ? plus : minus), 255 * Math.sqrt(share)];
  });
  byId('views').hidden = false;

  function colour(id, of) {
    const canvas = byId(id);
    canvas.width = width;
    canvas.height = height;
    canvas.style.aspectRatio = `${width} / ${height}`;
    const image = new ImageData(width, height);
    for (let i = 0; i < width * height; i++) {
      image.data.set(of(i), 4 * i);
    }
    canvas.getContext('2d').putImageData(image, 0, 0);
  }
}

// ---------------------------------------------------------------------------------------------------------- tables

/** A form with a field for each column. */
function form(model) {
  const fields = model.columns.map((column, i) => field(column, `field-${i}`));
  byId('fields').append(...fields.map(each => each.block));
  what.dataset.sorted = 'yes';
  let isSubmitted = false;
  const ask = asking('Asking the model …', async () => {
    const toFocus = isSubmitted;
    isSubmitted = false;
    const row = Object.fromEntries(fields.map(each => [each.name, each.value()]));
    try {
      const said = await post('predict', 'application/json', JSON.stringify({rows: [row]}));
      fields.forEach(each => each.judge(''));
      show(said.predictions[0]);
      const outside = fields.filter(each => each.isOutside()).map(each => each.name);
      byId('remark').textContent = outside.length === 0 ? '' : `Not like the rows of training: ${outside.join(' · ')}`;
    } catch (error) {
      const details = new Map((error.errors ?? []).map(({column, detail}) => [column, detail]));
      fields.forEach(each => each.judge(details.get(each.name) ?? ''));
      const wrong = fields.filter(each => details.has(each.name));
      if (wrong.length === 0) {
        throw error;
      }
      if (toFocus) {
        wrong[0].focus();
      }
      throw new Error(`There is no answer, for the model cannot take what is in ${wrong.map(each => each.name).join(' · ')}`);
    }
  });
  byId('row').addEventListener('submit', event => {
    event.preventDefault();
    isSubmitted = true;
    ask();
  });
  byId('row').addEventListener('change', ask);
  byId('typical').addEventListener('click', () => {
    fields.forEach(each => each.reset());
    ask();
  });
  byId('table').hidden = false;
  ask();
}

/** A number with few digits. */
const short = number => String(Number(number.toPrecision(4)));

/** Letters and digits, by which a category is known however it is spelt. */
const bare = text => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** How a value lies beyond those of training, in words; empty if it does not, or if that is not known. */
function beyond({type, least, most, values}, value) {
  if (typeof value === 'number' && least !== undefined && (value < least || value > most)) {
    const isBelow = value < least;
    const distance = isBelow ? least - value : value - most;
    return `${value} is ${distance > most - least ? 'far ' : ''}${isBelow ? 'below' : 'above'} all of training, which had `
        + `${short(least)} to ${short(most)}. It counts as ${short(isBelow ? least : most)}`;
  }
  return type === 'category' && typeof value === 'string' && !values.some(each => bare(each) === bare(value))
      ? `Training had no ${value}. It counts as one that is not known` : '';
}

/** A field for a column, by its type and what its config has: categories values, dates parts. */
function field(column, id) {
  const isNumber = column.type === 'numeric';
  const block = document.createElement('div');
  const label = element('label', '', column.name);
  label.htmlFor = id;
  block.append(label);
  let control;
  let note = '';
  if (column.values?.length <= MOST_CHOICES) {
    control = document.createElement('select');
    control.append(new Option('(missing)', ''), ...column.values.map(value => new Option(value, value)));
    control.selectedIndex = 1;
  } else {
    control = document.createElement('input');
    control.autocomplete = 'off';
  }
  if (isNumber) {
    control.inputMode = 'decimal';
    control.value = short(column.median ?? column.mean);
    note = column.least === undefined ? '' : `Training had ${short(column.least)} to ${short(column.most)}`;
  } else if (column.parts) {
    control.type = !column.parts.includes('TIME') ? 'date' : column.parts.length > 1 ? 'datetime-local' : 'time';
  } else if (column.values && control.tagName === 'INPUT') {
    const list = document.createElement('datalist');
    list.id = `${id}-values`;
    list.append(...column.values.map(value => new Option(value)));
    control.setAttribute('list', list.id);
    control.value = column.values[0];
    block.append(list);
  }
  control.id = id;
  const typical = control.value;
  const said = element('div', 'said', ''); // what is wrong with the value, or unlike training
  said.id = `${id}-said`;
  const below = element('div', 'note', note);
  below.id = `${id}-note`;
  control.setAttribute('aria-describedby', `${said.id} ${below.id}`);
  block.append(control, said, below);
  function value() {
    const text = control.value.trim();
    const number = isNumber ? Number(text) : NaN;
    return text === '' ? null : Number.isFinite(number) ? number : text;
  }
  return {
    name: column.name,
    block,
    value,
    isOutside: () => beyond(column, value()) !== '',
    focus: () => control.focus(),
    /** To what training had in the middle, or most often. */
    reset: () => control.value = typical,
    /** Shows what the server says against the value; if that is nothing, how it is unlike training. */
    judge(detail) {
      said.textContent = detail === '' ? beyond(column, value()) : detail.replace(/^Column .*?: expected /, 'Expected ');
      below.hidden = detail === '' && said.textContent !== ''; // which tells the range, too
      block.classList.toggle('wrong', detail !== '');
      control.ariaInvalid = detail === '' ? null : 'true';
    },
  };
}

// ---------------------------------------------------------------------------------------------------------- start

/** Which model it is, from when, and how good it was. */
function introduce({file, saved, data, examples, measured = {}}) {
  if (!file) {
    return;
  }
  document.title = `${file} · BERAS`;
  const time = new Intl.DateTimeFormat('en-GB', {dateStyle: 'medium', timeStyle: 'short'});
  const names = Object.keys(measured);
  const best = names.find(name => name.endsWith('_accuracy')) ?? names[0];
  const words = best?.replace(/^val_/, 'validation_').replaceAll('_', ' ');
  byId('who').append(element('b', '', file), [
    saved ? `, saved ${time.format(new Date(saved))}` : '',
    data ? `, trained on ${data}${examples ? ` (${Number(examples).toLocaleString('en')} examples)` : ''}` : '',
    best ? `, ${words} ` : '',
  ].join(''));
  if (best) {
    byId('who').append(element('b', '', best.endsWith('_accuracy') ? shareOf(measured[best]) : plain.format(measured[best])));
  }
}

try {
  const model = await (await fetch('model')).json();
  introduce(model);
  if (model.kind === 'table') {
    what.textContent = `A model of a table: it predicts ${model.target}`;
    what.dataset.target = model.target;
    form(model);
  } else {
    what.dataset.rejection = model.rejection ?? '';
    what.textContent = `A model of images of ${model.height} × ${model.width} pixels, with ${model.labels.length} labels`;
    if (model.pictures) {
      paper(model);
    } else {
      what.textContent += '. It takes arrays of pixels from programs; there is nothing to draw on';
    }
  }
} catch (error) {
  what.textContent = `The model cannot be asked: ${error.message}`;
}
