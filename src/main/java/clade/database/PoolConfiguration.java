package clade.database;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Gives large work connections of its own, whatever the data source is. */
@Configuration(proxyBeanMethods = false)
class PoolConfiguration {

    @Bean
    static DestructionAwareBeanPostProcessor twoPools(
            Environment environment, ObjectProvider<DataDirectory> ownServer) {
        return new Splitting(environment, ownServer);
    }

    @Bean
    MeterBinder largeWorkPool(DataSource database) {
        return registry -> {
            if (database instanceof TwoPools pools) {
                pools.measureBy(new MicrometerMetricsTrackerFactory(registry));
            }
        };
    }

    private static final class Splitting implements DestructionAwareBeanPostProcessor {

        private final Environment environment;
        private final ObjectProvider<DataDirectory> ownServer;
        private final List<AutoCloseable> made = new ArrayList<>();

        Splitting(Environment environment, ObjectProvider<DataDirectory> ownServer) {
            this.environment = environment;
            this.ownServer = ownServer;
        }

        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            if (!(bean instanceof HikariDataSource shortRequests)) {
                return bean;
            }
            DataDirectory directory = ownServer.getIfAvailable();
            TwoPools pools = new TwoPools(
                    shortRequests,
                    environment.getRequiredProperty("clade.large-work.connections", Integer.class),
                    directory != null);
            made.add(pools);
            if (directory != null) {
                made.add(new HelperProcesses(directory.cluster(), pools::largeWorkUnderWay));
            }
            return pools;
        }

        @Override
        public boolean requiresDestruction(Object bean) {
            return bean instanceof HikariDataSource;
        }

        @Override
        public void postProcessBeforeDestruction(Object bean, String name) {
            for (AutoCloseable part : made) {
                try {
                    part.close();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }
}
