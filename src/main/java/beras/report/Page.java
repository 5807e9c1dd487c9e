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
    private static final String STYLE = Svg.resource("report.css") + Svg.STYLE;

    /**
     * The whole page.
     *
     * @param reloads whether the browser loads it again every few seconds, as its file is replaced
     * @return in UTF-8
     */
    static byte[] of(String title, String version, Html body, boolean reloads) {
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
        page.add("footer", "Made by BERAS " + version + ". This page is complete in one file, and loads nothing.");
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
