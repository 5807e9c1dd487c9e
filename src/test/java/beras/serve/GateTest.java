package beras.serve;

import static org.junit.jupiter.api.Assertions.*;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which hosts a server takes for itself, whatever the address by which its client has come. */
@Tag("serve")
class GateTest {

    private static void check(ServerOptions options, String host, InetAddress local) throws Refusal {
        HttpRequest request = new BasicHttpRequest("GET", "/");
        request.setHeader("Host", host);
        new Gate(options).check(request, () -> local);
    }

    /** Of this machine, on an interface; a client knows neither its name nor its number here. */
    private static InetAddress linkLocal() throws UnknownHostException {
        return Inet6Address.getByAddress(null, HexFormat.of().parseHex("fe800000000000000000000000000001"), 2);
    }

    /** The address that a client has connected to, however it is written; the scope of it is of this machine,
            not of the address. */
    @ParameterizedTest
    @CsvSource({"::, [fe80::1]", "::, [fe80::1]:8080", "::, [FE80:0:0:0:0:0:0:1]", "::, [fe80:0000:0:0::0001]:80",
        "fe80::7%eth0, [fe80::7]:8080", "[fe80::7%2], [fe80::7]:8080", "FE80::7, [fe80::7]:8080"})
    void itsOwnAddressIsServed(String own, String host) throws UnknownHostException {
        InetAddress local = linkLocal();
        assertDoesNotThrow(() -> check(new ServerOptions().host(own), host, local));
    }

    @ParameterizedTest
    @CsvSource({"[fe80::2]", "fe80::1", "[fe80::1", "[fe80::1].evil.example", "[evil.example]", "[]", "[::ffff:fe80:1]", "fe80", "1"})
    void otherAddressesAreNot(String host) throws UnknownHostException {
        InetAddress local = linkLocal();
        assertEquals(421, assertThrows(Refusal.class, () -> check(new ServerOptions().host("::"), host, local)).response().status());
    }
}
