package clade.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.mock.env.MockEnvironment;

class ApiKeysTests {

    /** {@code printf %s secret | sha256sum}. */
    private static final String DIGEST_OF_SECRET = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

    @Test
    void aKeyIsKnownByItsDigestAlone() {
        ApiKeys keys =
                ApiKeys.of(List.of("other:" + "0".repeat(64), " crm:" + DIGEST_OF_SECRET.toUpperCase(Locale.ROOT)));

        assertThat(keys.nameOf("secret")).hasValue("crm");
        assertThat(keys.nameOf("Secret")).isEmpty();
        assertThat(keys.nameOf("")).isEmpty();
        assertThat(keys.nameOf(DIGEST_OF_SECRET)).isEmpty();
    }

    @Test
    void aNewPairFitsTogetherAndNoTwoAreAlike() {
        Pattern form = Pattern.compile("key: +(clade_[A-Za-z0-9_-]{43})\\Rsetting: clade\\.api-keys=(\\S+)\\R");
        Matcher pair = form.matcher(ApiKeys.newPair("crm"));

        assertThat(pair.matches()).isTrue();
        assertThat(ApiKeys.of(List.of(pair.group(2))).nameOf(pair.group(1))).hasValue("crm");
        assertThat(ApiKeys.newPair("crm")).isNotEqualTo(pair.group());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "a:b", "a,b"})
    void aNameThatTheSettingCouldNotHoldIsRefused(String name) {
        assertThatThrownBy(() -> ApiKeys.newPair(name)).hasMessageContaining("A key's name is");
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "crm", "crm:secret", "crm:2bb80d", ":" + DIGEST_OF_SECRET, "crm=x"})
    void anEntryThatIsNoDigestIsRefusedWithoutRepeatingIt(String entry) {
        assertThatThrownBy(() -> ApiKeys.of(List.of("ok:" + DIGEST_OF_SECRET, entry)))
                .isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, refusal -> {
                    assertThat(refusal.getName()).isEqualTo("clade.api-keys");
                    assertThat(refusal.getValue()).isEqualTo("entry 2");
                    assertThat(refusal.getReason()).contains("name:sha256").doesNotContain("secret");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.8.8.8", "::1"})
    void loopbackNeedsNoKey(String address) {
        assertThatCode(() -> keys(address, "")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.7", "2001:db8::1"})
    void anyOtherAddressWithoutAKeyRefusesToStartAndSaysHowToSetOne(@Nullable String address) {
        assertThatThrownBy(() -> keys(address, ""))
                .isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, refusal -> {
                    assertThat(refusal.getName()).isEqualTo("server.address");
                    assertThat(refusal.getReason()).contains("new-api-key NAME", "clade.api-keys", "CLADE_APIKEYS");
                });
    }

    @ParameterizedTest
    @CsvSource({"1, 0.0.0.0", "2, 192.0.2.7"})
    void anyAddressWillDoWithKeys(int entries, String address) throws UnknownHostException {
        String configured = String.join(
                ",", List.of("a:" + DIGEST_OF_SECRET, "b:" + "0".repeat(64)).subList(0, entries));

        assertThat(keys(address, configured).nameOf("secret")).hasValue("a");
    }

    private static ApiKeys keys(@Nullable String address, String configured) throws UnknownHostException {
        ServerProperties server = new ServerProperties();
        server.setAddress(address == null ? null : InetAddress.getByName(address));
        return new AccessConfiguration()
                .apiKeys(new MockEnvironment().withProperty("clade.api-keys", configured), server);
    }
}
