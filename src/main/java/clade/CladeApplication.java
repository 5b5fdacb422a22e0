package clade;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
public class CladeApplication {

    public static void main(String[] args) {
        SpringApplication.run(CladeApplication.class, args);
    }
}
