package beras.report;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * A page that needs nothing besides itself. Its policy forbids scripts and requests; of styles it allows the page's own alone, by
 * its hash.
 */
final class Page {

    private static final String STYLE = """
            :root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--paper:#fff;--band:#f6f8fa;--mark:#0072b2}
            @media (prefers-color-scheme:dark){
            :root{--ink:#e6edf3;--soft:#a3adb8;--line:#3a424c;--paper:#121212;--band:#1b1f24;--mark:#56b4e9}
            img.plot{filter:invert(.93) hue-rotate(180deg)}}
            *{box-sizing:border-box}
            body{margin:0 auto;padding:1.5rem 1rem 3rem;max-width:76rem;color:var(--ink);background:var(--paper);
            font:1rem/1.5 system-ui,sans-serif}
            h1{margin:0;font-size:1.7rem;overflow-wrap:anywhere}
            h2{margin:2.2rem 0 .6rem;padding-bottom:.2rem;font-size:1.25rem;border-bottom:1px solid var(--line)}
            p{max-width:48rem;overflow-wrap:anywhere}
            .lead{margin:.3rem 0 1rem;color:var(--soft)}
            .warning{padding:.6rem .9rem;border:1px solid var(--line);border-left:.35rem solid #d55e00;background:var(--band)}
            dl.tiles{display:flex;flex-wrap:wrap;gap:.7rem;margin:1rem 0}
            dl.tiles div{padding:.5rem .9rem;min-width:8rem;border:1px solid var(--line);border-radius:.4rem;background:var(--band)}
            dl.tiles dt{font-size:.85rem;color:var(--soft)}
            dl.tiles dd{margin:0;font-size:1.35rem;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
            .plots{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,26rem),1fr));gap:1rem;align-items:start}
            figure{margin:0}
            img.plot{display:block;width:100%;height:auto;max-width:46rem;border-radius:.3rem}
            .images{display:grid;grid-template-columns:repeat(auto-fill,minmax(6.4rem,1fr));gap:.8rem;margin:.6rem 0;padding:0;
            list-style:none}
            .images img{display:block;width:6rem;height:6rem;object-fit:contain;image-rendering:pixelated;border:1px solid var(--line)}
            .images span{display:block;font-size:.85rem;line-height:1.35;overflow-wrap:anywhere}
            .scroll{overflow-x:auto;margin:.8rem 0}
            table{border-collapse:collapse;font-size:.92rem}
            .caption{margin:1rem 0 -.4rem;color:var(--soft)}
            th,td{padding:.22rem .7rem .22rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
            th{font-weight:600}
            tbody th{font-weight:400}
            td.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
            td.value{overflow-wrap:anywhere}
            td.best{font-weight:700}
            td.bar{width:12rem;min-width:6rem;vertical-align:middle}
            td.bar svg{display:block;width:100%;height:.8rem}
            td.bar rect{fill:var(--mark)}
            table.matrix{font-variant-numeric:tabular-nums}
            table.matrix th,table.matrix td{padding:.25rem .5rem;text-align:right;border:1px solid var(--line)}
            table.matrix th{font-weight:600}
            HEAT
            pre{overflow-x:auto;padding:.7rem .9rem;border:1px solid var(--line);border-radius:.3rem;background:var(--band);
            font:.85rem/1.45 ui-monospace,monospace}
            pre.command{white-space:pre-wrap;overflow-wrap:anywhere}
            summary{cursor:pointer}
            footer{margin-top:3rem;font-size:.85rem;color:var(--soft)}
            :focus-visible{outline:2px solid var(--mark)}
            @media print{
            @page{margin:15mm}
            body{padding:0;max-width:none;font-size:10pt}
            h2,h3,.caption{break-after:avoid}
            figure,tr,.images li,.tiles div{break-inside:avoid}
            .plots{grid-template-columns:1fr 1fr}
            .scroll{overflow:visible}
            pre{white-space:pre-wrap}
            td,th,svg,.tiles div{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
            """.replace("HEAT\n", heat());

    /** How many shades a cell of a matrix may have. */
    static final int SHADES = 10;

    /** Shades of what is right are blue, of what is wrong vermillion. */
    private static String heat() {
        StringBuilder rules = new StringBuilder();
        for (int shade = 1; shade <= SHADES; shade++) {
            String alpha = "," + 7 * shade + "%)}\n";
            rules.append(".right").append(shade).append("{background:rgba(0,114,178").append(alpha)
                    .append(".wrong").append(shade).append("{background:rgba(213,94,0").append(alpha);
        }
        return rules.toString();
    }

    /**
     * The whole page.
     *
     * @param body what is in it, in UTF-8 when it is written
     */
    static String of(String title, String version, Html body) {
        Html page = new Html();
        page.raw("<!doctype html>\n").open("html", "lang", "en").open("head").raw("<meta charset=\"utf-8\">\n");
        String policy = "default-src 'none'; img-src data:; style-src 'sha256-" + hash(STYLE) + "'; base-uri 'none';"
                + " form-action 'none'";
        page.open("meta", "http-equiv", "Content-Security-Policy", "content", policy);
        page.open("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        page.open("meta", "name", "generator", "content", "BERAS " + version);
        page.add("title", title).open("style").raw(STYLE).close("style").close("head");
        page.open("body").open("main").raw(body.toString()).close("main");
        page.add("footer", "Made by BERAS " + version + ". This page needs nothing but itself, and asks for nothing.");
        return page.close("body").close("html").toString();
    }

    private static String hash(String style) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every Java has SHA-256", e);
        }
    }

    private Page() {}
}
