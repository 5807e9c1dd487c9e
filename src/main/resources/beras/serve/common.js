// What the pages share.

export const byId = id => document.getElementById(id);

// Rounded down: 99.97 % is not 100 %.
const percents = new Intl.NumberFormat('en', {style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1,
  roundingMode: 'floor'});

/** A share in percent. */
export const shareOf = percents.format;

/** A probability in percent, below 100 %, which a softmax does not reach. */
export const percent = share => percents.format(Math.min(share, 0.999));

const plain = new Intl.NumberFormat('en', {maximumSignificantDigits: 3});

/** Bytes as people say it. */
export const size = bytes => bytes < 2 ** 20 ? `${plain.format(bytes / 2 ** 10)} kB` : `${plain.format(bytes / 2 ** 20)} MB`;

/**
 * Copies a text when a button is pressed.
 *
 * @param text gives what is copied; if the browser refuses, the element that shows it is selected, so that the keyboard can copy it
 */
export function copies(button, text, shown) {
  const label = button.textContent;
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text());
      button.textContent = 'Copied';
    } catch { // as on an address without TLS, other than this machine's
      getSelection().selectAllChildren(shown);
      button.textContent = 'Selected: copy it by the keyboard';
    }
    setTimeout(() => button.textContent = label, 2000);
  });
}
