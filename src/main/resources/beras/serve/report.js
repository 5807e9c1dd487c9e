// Shows the report of a training while it goes on: looks each second whether there is more, and keeps what is read in its place.

const SECOND = 1000;

const status = document.getElementById('status');
let frame = document.getElementById('report');
let shown = null; // the size of the report that is in the frame
let last = ''; // how it went

function tell(text) {
  if (status.textContent !== text) {
    status.textContent = text;
  }
}

/** Loads the report beside the one that is shown, and puts it in its place at the same position, with the same parts open. */
function load() {
  return new Promise((done, fail) => {
    const next = frame.cloneNode();
    next.className = 'next';
    next.addEventListener('load', () => {
      const [before, after] = [frame.contentDocument, next.contentDocument];
      if (!after?.querySelector('main')) { // there is none yet, or the server is gone
        next.remove();
        fail(new Error('no report'));
        return;
      }
      const open = [...before.querySelectorAll('details')].map(each => each.open);
      after.querySelectorAll('details').forEach((each, i) => each.open = open[i] ?? each.open);
      const chosen = new Map([...before.querySelectorAll('input[id]')].map(each => [each.id, each.checked]));
      after.querySelectorAll('input[id]').forEach(each => each.checked = chosen.get(each.id) ?? each.checked);
      document.title = after.title;
      next.className = '';
      next.contentWindow.scrollTo(0, frame.contentWindow.scrollY);
      frame.remove();
      frame = next;
      done();
    }, {once: true});
    frame.after(next);
  });
}

async function look() {
  let state;
  try {
    state = await (await fetch('state')).json();
  } catch {
    tell(`${last} It does not answer any more: it has ended, or was ended.`);
    return;
  }
  last = state.status;
  tell(last);
  if (state.size !== shown || state.over) {
    try {
      await load();
      shown = state.size;
    } catch {
      // The next one may come.
    }
  }
  if (!state.over) {
    setTimeout(look, SECOND);
  }
}

look();
