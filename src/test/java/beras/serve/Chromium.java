package beras.serve;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Debian's browser without a window, driven by its DevTools protocol. On a machine without it such tests are ignored, but not
 * where {@code CI=true}.
 */
final class Chromium implements AutoCloseable {

    private static final String PROGRAM = "/usr/bin/chromium";
    private static final String LISTENING = "DevTools listening on ";
    private static final int SECONDS = 60;

    private final Process process;
    private final WebSocket socket;
    private final Map<Integer, CompletableFuture<JsonObject>> waiting = new ConcurrentHashMap<>();
    private final List<String> requested = Collections.synchronizedList(new ArrayList<>());
    private final List<String> complaints = Collections.synchronizedList(new ArrayList<>());
    private final String session;
    private int sent;

    static void require() {
        assumeTrue("true".equals(System.getenv("CI")) || Files.exists(Path.of(PROGRAM)), "needs " + PROGRAM);
    }

    /** Starts it with an empty page, and what it remembers in a folder. */
    Chromium(Path folder) throws Exception {
        process = new ProcessBuilder(PROGRAM, "--headless=new", "--no-sandbox", "--remote-debugging-port=0", "--disable-gpu",
                "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-default-apps",
                "--no-first-run", "--hide-scrollbars", "--disable-dev-shm-usage", "--user-data-dir=" + folder, "about:blank")
                .redirectErrorStream(true).start();
        socket = HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(URI.create(address()), new Listener())
                .get(SECONDS, TimeUnit.SECONDS);
        JsonArray targets = send("Target.getTargets", "{}").getAsJsonArray("targetInfos");
        String page = null;
        for (JsonElement target : targets) {
            JsonObject info = target.getAsJsonObject();
            page = info.get("type").getAsString().equals("page") ? info.get("targetId").getAsString() : page;
        }
        session = send("Target.attachToTarget", "{'targetId':'" + page + "','flatten':true}").get("sessionId").getAsString();
        for (String domain : List.of("Page", "Network", "Runtime", "Log", "DOM")) {
            send(domain + ".enable", "{}");
        }
    }

    private String address() throws IOException {
        BufferedReader lines = process.inputReader();
        StringBuilder said = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith(LISTENING)) {
                Thread drain = new Thread(() -> lines.lines().forEach(any -> { }), "chromium-output");
                drain.setDaemon(true);
                drain.start();
                return line.substring(LISTENING.length());
            }
            said.append(line).append('\n');
        }
        throw new IOException("Chromium did not start: " + said);
    }

    /** What comes back to commands, and what happens in between. */
    private final class Listener implements WebSocket.Listener {

        private final StringBuilder message = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            message.append(data);
            if (last) {
                JsonObject received = JsonParser.parseString(message.toString()).getAsJsonObject();
                message.setLength(0);
                if (received.has("id")) {
                    waiting.remove(received.get("id").getAsInt()).complete(received);
                } else {
                    event(received.get("method").getAsString(), received.getAsJsonObject("params"));
                }
            }
            webSocket.request(1);
            return null;
        }

        private void event(String method, JsonObject params) {
            switch (method) {
                case "Network.requestWillBeSent" ->
                        requested.add(params.getAsJsonObject("request").get("url").getAsString());
                case "Runtime.exceptionThrown", "Log.entryAdded", "Network.loadingFailed" -> complaints.add(params.toString());
                case "Runtime.consoleAPICalled" -> complaints.add(params.toString());
                default -> { }
            }
        }
    }

    /** Sends a command of the protocol; quotes may be single ones. */
    JsonObject send(String method, String params) throws ExecutionException, InterruptedException, TimeoutException {
        JsonObject command = new JsonObject();
        command.addProperty("id", ++sent);
        command.addProperty("method", method);
        command.add("params", JsonParser.parseString(params));
        if (session != null) {
            command.addProperty("sessionId", session);
        }
        CompletableFuture<JsonObject> answer = new CompletableFuture<>();
        waiting.put(sent, answer);
        socket.sendText(command.toString(), true).get(SECONDS, TimeUnit.SECONDS);
        JsonObject received = answer.get(SECONDS, TimeUnit.SECONDS);
        if (received.has("error")) {
            throw new AssertionError(method + ": " + received.get("error"));
        }
        return received.getAsJsonObject("result");
    }

    /** The value of an expression of JavaScript, which may be a promise. */
    JsonElement evaluate(String expression) throws Exception {
        JsonObject params = new JsonObject();
        params.addProperty("expression", expression);
        params.addProperty("awaitPromise", true);
        params.addProperty("returnByValue", true);
        JsonObject result = send("Runtime.evaluate", params.toString());
        if (result.has("exceptionDetails")) {
            throw new AssertionError(expression + ": " + result.get("exceptionDetails"));
        }
        return result.getAsJsonObject("result").get("value");
    }

    String text(String selector) throws Exception {
        return evaluate("document.querySelector('" + selector + "').textContent").getAsString();
    }

    /** Waits until an expression is true; fails if it does not become so. */
    void await(String condition) throws Exception {
        String waits = "new Promise((done, fail) => { const until = Date.now() + " + SECONDS * 500 + ";"
                + " (function look() { if (" + condition + ") done(true); else if (Date.now() > until) done(false);"
                + " else setTimeout(look, 20); })(); })";
        if (!evaluate(waits).getAsBoolean()) {
            throw new AssertionError("never became true: " + condition + "; the page says: "
                    + evaluate("document.body.innerText").getAsString() + "; " + complaints);
        }
    }

    /** Opens a page, and forgets what was before it. */
    void open(String address) throws Exception {
        send("Page.navigate", "{'url':'about:blank'}"); // what was before it asks for nothing more
        requested.clear();
        complaints.clear();
        send("Page.navigate", "{'url':'" + address + "'}");
        await("location.href.startsWith('http') && document.readyState === 'complete'");
    }

    void mouse(String type, double x, double y) throws Exception {
        send("Input.dispatchMouseEvent", "{'type':'" + type + "','x':" + x + ",'y':" + y + ",'button':'left','buttons':"
                + (type.equals("mouseReleased") ? 0 : 1) + ",'clickCount':1,'pointerType':'mouse'}");
    }

    void touch(String type, double x, double y) throws Exception {
        send("Input.dispatchTouchEvent", "{'type':'" + type + "','touchPoints':" + (type.equals("touchEnd") ? "[]"
                : "[{'x':" + x + ",'y':" + y + "}]") + "}");
    }

    void key(String key, int code) throws Exception {
        String text = key.length() == 1 ? ",'text':'" + key + "'" : key.equals("Enter") ? ",'text':'\\r'" : "";
        for (String type : List.of("keyDown", "keyUp")) {
            send("Input.dispatchKeyEvent", "{'type':'" + type + "','key':'" + key + "','windowsVirtualKeyCode':" + code
                    + (type.equals("keyDown") ? text : "") + "}");
        }
    }

    /** What the page looks like from top to bottom, as PNG. */
    byte[] picture(int width, boolean dark) throws Exception {
        send("Emulation.setDeviceMetricsOverride", "{'width':" + width + ",'height':900,'deviceScaleFactor':1,'mobile':" + (width < 500) + "}");
        send("Emulation.setEmulatedMedia", "{'features':[{'name':'prefers-color-scheme','value':'" + (dark ? "dark" : "light") + "'}]}");
        evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))");
        return Base64.getDecoder().decode(send("Page.captureScreenshot", "{'captureBeyondViewport':true}").get("data").getAsString());
    }

    /** The addresses of all requests of this page. */
    List<String> requested() {
        return List.copyOf(requested);
    }

    /** What the console shows, what was thrown and what could not be loaded. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    @Override
    public void close() throws Exception {
        try {
            send("Browser.close", "{}"); // so that it leaves nothing behind
            process.waitFor(SECONDS, TimeUnit.SECONDS);
        } finally {
            socket.abort();
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }
}
