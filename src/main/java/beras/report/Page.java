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

    private static final int RELOAD_SECONDS = 5;
    private static final String STYLE = """
            :root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--edge:#818b98;--paper:#fff;--band:#f6f8fa;
            --mark:#0072b2;--right:0 114 178;--wrong:213 94 0}
            @media (prefers-color-scheme:dark){
            :root{--ink:#e6edf3;--soft:#a3adb8;--line:#3a424c;--edge:#6b7683;--paper:#121212;--band:#1b1f24;--mark:#56b4e9;
            --right:86 180 233;--wrong:255 143 77}}
            *{box-sizing:border-box}
            body{margin:0 auto;padding:1.5rem 1rem 3rem;max-width:80rem;color:var(--ink);background:var(--paper);
            font:1rem/1.5 system-ui,sans-serif}
            h1{margin:0;font-size:1.7rem;overflow-wrap:anywhere}
            h2{margin:2.2rem 0 .6rem;padding-bottom:.2rem;font-size:1.25rem;border-bottom:1px solid var(--line)}
            h3{margin:1.4rem 0 .3rem;font-size:1.05rem}
            p{max-width:48rem;margin:.5rem 0;overflow-wrap:anywhere}
            a{color:var(--mark)}
            .lead{margin:.3rem 0 1rem;color:var(--soft)}
            .warning{padding:.6rem .9rem;border:1px solid var(--edge);border-left:.35rem solid #d55e00;background:var(--band)}
            dl.tiles{display:flex;flex-wrap:wrap;gap:.7rem;margin:1rem 0}
            dl.tiles div{padding:.5rem .9rem;min-width:8rem;border:1px solid var(--edge);border-radius:.4rem;
            background:var(--band)}
            dl.tiles dt{font-size:.85rem;color:var(--soft)}
            dl.tiles dd{margin:0;font-size:1.35rem;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
            .plots{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,23rem),1fr));gap:1.2rem;align-items:start}
            .side{display:flex;flex-wrap:wrap;gap:0 3rem;align-items:flex-start}
            .side>*{min-width:0;max-width:100%}
            figure{margin:0}
            .chart{display:block;width:100%;height:auto;max-width:34rem}
            .images{display:flex;flex-wrap:wrap;gap:.8rem;margin:.6rem 0;padding:0;list-style:none}
            .images li{width:6rem}
            .images img{display:block;width:6rem;height:6rem;object-fit:contain;image-rendering:pixelated;
            border:1px solid var(--edge)}
            .images span{display:block;font-size:.85rem;line-height:1.35;overflow-wrap:anywhere}
            .images .doubt{font-weight:600}
            .cell{display:none;margin:.6rem 0;padding:.2rem .9rem;border:1px solid var(--edge);border-radius:.4rem;
            background:var(--band);scroll-margin-top:26rem}
            .cell:target{display:block}
            .scroll{overflow-x:auto;margin:.4rem 0 .8rem}
            table{border-collapse:collapse;font-size:.92rem}
            .caption{margin:1rem 0 0;color:var(--soft)}
            th,td{padding:.22rem .7rem .22rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
            th{font-weight:600}
            tbody th{font-weight:400}
            td.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
            td.value{overflow-wrap:anywhere}
            td.best{font-weight:700}
            td small{display:block;color:var(--soft);font-weight:400}
            td.bar{width:12rem;min-width:6rem;vertical-align:middle}
            td.bar svg{display:block;width:100%;height:.8rem;outline:1px solid var(--edge)}
            td.bar rect{fill:var(--mark)}
            table.matrix{font-variant-numeric:tabular-nums}
            table.matrix th,table.matrix td{padding:.25rem .5rem;text-align:right;border:1px solid var(--line)}
            table.matrix th{font-weight:600}
            table.matrix a{display:block;margin:-.25rem -.5rem;padding:.25rem .5rem;color:inherit}
            table.matrix .right0,table.matrix .wrong0{color:var(--soft)}
            HEAT
            pre{overflow-x:auto;padding:.7rem .9rem;border:1px solid var(--edge);border-radius:.3rem;background:var(--band);
            font:.85rem/1.45 ui-monospace,monospace}
            pre.command{white-space:pre-wrap;overflow-wrap:anywhere}
            summary{cursor:pointer}
            footer{margin-top:3rem;font-size:.85rem;color:var(--soft)}
            :focus-visible{outline:2px solid var(--mark)}
            @media print{
            @page{margin:15mm}
            body{padding:0;max-width:none;font-size:10pt}
            h2,h3,.caption,summary,thead{break-after:avoid}
            tbody tr:nth-child(-n+3){break-before:avoid}
            figure,tr,pre,.images li,.tiles div,.warning{break-inside:avoid}
            .plots{grid-template-columns:1fr 1fr}
            .side{gap:0 1.5rem}
            .scroll{overflow:visible}
            details::details-content{content-visibility:visible;block-size:auto}
            p:has(+pre),p:has(+.images){break-after:avoid}
            .cell{display:inline-block;width:48%;margin:.2rem 0;border:0;padding:0;background:none;break-inside:avoid;
            vertical-align:top}
            .cell a{display:none}
            .cell .images{gap:.2rem;margin:.2rem 0}
            .cell .images li,.cell .images img{width:2.2rem}
            .cell .images img{height:2.2rem}
            .images span{font-size:7pt}
            .cell span{font-size:6pt}
            pre{font-size:7pt;white-space:pre-wrap;overflow:visible}
            td,th,svg,.tiles div{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
            """.replace("HEAT\n", heat()) + Svg.STYLE;

    /** Shades of what is right are blue, of what is wrong vermillion; what never occurs has none. */
    private static String heat() {
        StringBuilder rules = new StringBuilder();
        for (int shade = 1; shade <= Confusion.SHADES; shade++) {
            for (String kind : new String[] {"right", "wrong"}) {
                rules.append('.').append(kind).append(shade).append("{background:rgb(var(--").append(kind).append(")/")
                        .append(Confusion.opacity(shade)).append("%)}\n");
            }
        }
        return rules.toString();
    }

    /**
     * The whole page.
     *
     * @return in UTF-8
     */
    static byte[] of(String title, String version, Html body) {
        return of(title, version, body, false);
    }

    /** As {@link #of}, a page that the browser loads again every few seconds, as its file is replaced. */
    static byte[] reloading(String title, String version, Html body) {
        return of(title, version, body, true);
    }

    private static byte[] of(String title, String version, Html body, boolean reloads) {
        Html page = new Html();
        page.raw("<!doctype html>\n").open("html", "lang", "en").open("head").raw("<meta charset=\"utf-8\">\n");
        String policy = "default-src 'none'; img-src data:; style-src 'sha256-" + hash(STYLE) + "'; base-uri 'none';"
                + " form-action 'none'";
        page.open("meta", "http-equiv", "Content-Security-Policy", "content", policy);
        if (reloads) {
            page.open("meta", "http-equiv", "refresh", "content", Integer.toString(RELOAD_SECONDS));
        }
        page.open("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        page.open("meta", "name", "generator", "content", "BERAS " + version);
        page.add("title", title).open("style").raw(STYLE).close("style").close("head");
        page.open("body").open("main").raw(body.toString()).close("main");
        page.add("footer", "Made by BERAS " + version + ". This page needs nothing but itself, and asks for nothing.");
        return page.close("body").close("html").toString().getBytes(StandardCharsets.UTF_8);
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
