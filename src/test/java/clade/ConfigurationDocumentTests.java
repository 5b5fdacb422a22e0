package clade;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.io.FileSystemResource;

/** docs/configuration.md against application.yml. */
class ConfigurationDocumentTests {

    @Test
    void everySettingOfCladeIsDocumentedWithItsDefaultAndNoOther() throws IOException {
        var documented = new TreeMap<String, String>();
        Pattern.compile("(?m)^\\| `(clade\\.[a-z.-]+)` \\| `?([^|]*?)`? \\|")
                .matcher(Files.readString(Path.of("docs/configuration.md")))
                .results()
                .forEach(row -> documented.put(row.group(1), row.group(2)));
        assertThat(documented.remove("clade.api-keys")).isEqualTo("none");

        assertThat(documented).isEqualTo(settings());
    }

    @Test
    void whatTheReadmeSetsExists() throws IOException {
        Set<String> named = Pattern.compile("--(clade\\.[a-z.-]+)=")
                .matcher(Files.readString(Path.of("README.md")))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(named).contains("clade.data-directory", "clade.api-keys");
        named.remove("clade.api-keys");
        assertThat(settings().keySet()).containsAll(named);
    }

    private static Map<String, String> settings() throws IOException {
        var settings = new TreeMap<String, String>();
        for (var source : new YamlPropertySourceLoader()
                .load("defaults", new FileSystemResource("src/main/resources/application.yml"))) {
            for (String name : ((EnumerablePropertySource<?>) source).getPropertyNames()) {
                if (name.startsWith("clade.")) {
                    settings.put(name, String.valueOf(source.getProperty(name)));
                }
            }
        }
        return settings;
    }
}
