package clade;

import clade.access.ApiKeys;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;

/** Starts the service, or with {@code new-api-key NAME} prints a new API key and ends. */
@SpringBootApplication(exclude = UserDetailsServiceAutoConfiguration.class)
public class CladeApplication {

    public static void main(String[] args) {
        if (args.length == 2 && args[0].equals("new-api-key")) {
            System.out.print(ApiKeys.newPair(args[1]));
            return;
        }
        SpringApplication.run(CladeApplication.class, args);
    }
}
