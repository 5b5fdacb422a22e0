package clade.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WelcomeTests {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "192.0.2.7, 192.0.2.7",
        "0.0.0.0, localhost",
        "::, localhost",
        "::1, [0:0:0:0:0:0:0:1]"
    })
    void namesAnAddressThatABrowserTakes(String address, String host) throws UnknownHostException {
        assertThat(Welcome.host(InetAddress.getByName(address))).isEqualTo(host);
    }

    @Test
    void namesThisMachineWhereNoAddressIsSet() {
        assertThat(Welcome.host(null)).isEqualTo("localhost");
    }
}
