package beras.serve;

import beras.files.Excerpt;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpStatus;

/**
 * Prevents web pages from using this server through the browser of an authorized user: neither by a name that resolves to this
 * machine (DNS rebinding), nor by a request from another origin.
 */
final class Gate {

    private static final String ORIGIN = "Origin";
    /** The interface of this machine, which clients do not send. */
    private static final Pattern SCOPE = Pattern.compile("%[^]]*");
    private static final int SHOWN = 60;

    private final Set<String> names;

    Gate(ServerOptions options) {
        names = new TreeSet<>(List.of("localhost", "127.0.0.1", "[::1]", bracketed(SCOPE.matcher(options.host.toLowerCase(Locale.ROOT)).replaceFirst(""))));
        names.addAll(options.allowedHosts);
    }

    /** @param local the address that the client has connected to */
    void check(HttpRequest request, Supplier<InetAddress> local) throws Refusal {
        Header[] hosts = request.getHeaders(HttpHeaders.HOST);
        if (hosts.length != 1) {
            throw Refusal.bad("Expected one header Host. Received: " + hosts.length);
        }
        String host = hosts[0].getValue().strip().toLowerCase(Locale.ROOT);
        requireOwn(host, local);
        if (request.getAuthority() != null) { // of a target that is a whole URI
            requireOwn(request.getAuthority().toString().toLowerCase(Locale.ROOT), local);
        }
        Header[] origins = request.getHeaders(ORIGIN);
        if (origins.length > 1) {
            throw Refusal.bad("Expected at most one header Origin. Received: " + origins.length);
        }
        for (Header origin : origins) {
            String value = origin.getValue().strip().toLowerCase(Locale.ROOT);
            if (!value.equals("http://" + host) && !value.equals("https://" + host)) { // https: behind a proxy
                throw new Refusal(HttpStatus.SC_FORBIDDEN, "Expected a request from this server's own page. Received: one from "
                        + Excerpt.quoted(value, SHOWN));
            }
        }
    }

    private void requireOwn(String host, Supplier<InetAddress> local) throws Refusal {
        String name = name(host);
        if (!names.contains(name) && !isAddress(name, local.get())) {
            throw new Refusal(HttpStatus.SC_MISDIRECTED_REQUEST, "Expected a Host of " + String.join(", ", names) + ". Received: "
                    + Excerpt.quoted(host, SHOWN) + ". If it is to be called so, start it with that name (--allow-host)");
        }
    }

    /** Without a port. */
    private static String name(String host) {
        int end = host.indexOf(':', host.startsWith("[") ? Math.max(0, host.indexOf(']')) : 0);
        return end < 0 ? host : host.substring(0, end);
    }

    /** An address of IPv6 can be written in several ways. */
    private static boolean isAddress(String name, InetAddress address) {
        if (!name.startsWith("[")) {
            return name.equals(address.getHostAddress());
        }
        try {
            return InetAddress.getByName(name).equals(address); // in brackets no name is looked up
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** A host as in a URL. */
    static String bracketed(String host) {
        return host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
    }
}
