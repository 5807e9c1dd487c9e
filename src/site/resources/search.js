// Adds a search box above the menu. The terms of the site are a script, terms.js, as pages opened from files cannot fetch data.
(() => {
    const menu = document.getElementById('leftColumn');
    if (!menu || !window.berasTerms) {
        return;
    }
    const root = document.currentScript.getAttribute('src').replace('search.js', '');
    const box = document.createElement('input');
    box.type = 'search';
    box.placeholder = 'Search options, classes, headings';
    box.setAttribute('aria-label', box.placeholder);
    const found = document.createElement('ul');
    found.className = 'found';
    found.setAttribute('aria-live', 'polite');
    const rank = (term, word) => {
        const text = term.toLowerCase().replace(/^\W+/, '');
        return text === word ? 0 : text.startsWith(word) ? 1 : text.includes(word) ? 2 : 3;
    };
    box.addEventListener('input', () => {
        const words = box.value.toLowerCase().split(/\s+/).map(word => word.replace(/^-+/, '')).filter(word => word);
        const hits = words.length === 0 ? [] : window.berasTerms
            .filter(([term, page]) => words.every(word => (term + ' ' + page).toLowerCase().includes(word)))
            .sort((a, b) => rank(a[0], words[0]) - rank(b[0], words[0])).slice(0, 12);
        found.replaceChildren(...hits.map(([term, page, address]) => {
            const link = document.createElement('a');
            link.href = root + address;
            link.textContent = term + (page === term ? '' : ' (' + page + ')');
            const item = document.createElement('li');
            item.append(link);
            return item;
        }));
        if (words.length > 0 && hits.length === 0) {
            found.textContent = 'No option, class or heading contains this.';
        }
    });
    menu.prepend(box, found);
})();
