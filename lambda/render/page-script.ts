/** The script of the page: copy buttons, and a fold that opens for printing. Its hash stands in the policy of the page. */
export const pageScriptHash = 'sha256-tvaMKqiOoNPb3rsuemX12nPGYrbwG2oqf9klhuWwMb0=';

export const pageScript = `
'use strict';
const said = document.getElementById('said');
for (const button of document.querySelectorAll('button[data-copy]')) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    const lines = button.closest('.command').querySelector('pre');
    try {
      await navigator.clipboard.writeText(lines.textContent);
      said.textContent = 'Copied';
      button.textContent = 'Copied';
    } catch (error) {
      // Where a page may not write to the clipboard, the text is selected for the reader to copy.
      getSelection().selectAllChildren(lines);
      said.textContent = 'Selected: copy it with the keyboard';
    }
  });
  button.addEventListener('blur', () => {
    button.textContent = 'Copy';
    said.textContent = '';
  });
}
const folds = [...document.querySelectorAll('.ruled-out details')];
let opened = [];
addEventListener('beforeprint', () => {
  opened = folds.filter((fold) => !fold.open);
  for (const fold of opened) fold.open = true;
});
addEventListener('afterprint', () => {
  for (const fold of opened) fold.open = false;
});
`;
