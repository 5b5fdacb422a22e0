package clade;

import clade.access.ApiKeys;
import java.util.Arrays;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;

/**
 * Starts the service; with {@code new-api-key NAME} prints a new API key and ends; with {@code start-once} before any options
 * starts and ends in good order, for what writes down what a start loads.
 */
@SpringBootApplication(exclude = UserDetailsServiceAutoConfiguration.class)
public class CladeApplication {

    public static void main(String[] args) {
        if (args.length == 2 && args[0].equals("new-api-key")) {
            System.out.print(ApiKeys.newPair(args[1]));
            return;
        }
        HeapRoom.give();
        if (args.length > 0 && args[0].equals("start-once")) {
            SpringApplication.run(CladeApplication.class, Arrays.copyOfRange(args, 1, args.length))
                    .close();
            return;
        }
        SpringApplication.run(CladeApplication.class, args);
    }
}
