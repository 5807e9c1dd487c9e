// Copies a text when a button is pressed.

/** @param text gives what is copied; of it, if the browser refuses, the element is selected, so that the keyboard can copy it */
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
