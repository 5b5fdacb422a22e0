FROM maven:3-eclipse-temurin-25 AS build
WORKDIR /build
# an empty project first: its layer holds every dependency and plugin until pom.xml changes
COPY .mvn .mvn
COPY pom.xml .
RUN mvn -B -q -Dmaven.test.skip=true -Dspring-boot.repackage.skip=true package
COPY src src
RUN mvn -B -q -Dmaven.test.skip=true package \
    && java -Djarmode=tools -jar target/clade.jar extract --layers --destination layers

FROM eclipse-temurin:25-jre
RUN useradd --system --create-home --home-dir /var/lib/clade clade
WORKDIR /opt/clade
COPY --from=build /build/layers/dependencies/ ./
COPY --from=build /build/layers/spring-boot-loader/ ./
COPY --from=build /build/layers/snapshot-dependencies/ ./
COPY --from=build /build/layers/application/ ./
RUN mkdir cache && chown clade cache
USER clade
# one start on the embedded PostgreSQL writes down the classes that every start loads (JEP 483): starts take a fraction of the time
RUN java -XX:MaxRAMPercentage=75 -XX:AOTCacheOutput=cache/clade.aot -jar clade.jar start-once \
        --clade.data-directory=/tmp/training \
    && rm -rf /tmp/training /tmp/embedded-pg
ENV SERVER_ADDRESS=0.0.0.0 \
    CLADE_DATADIRECTORY=/var/lib/clade/data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --start-interval=1s \
    CMD curl -fsS http://127.0.0.1:8080/actuator/health/readiness || exit 1
# the JVM warns of single methods that it can't take from the cache; it compiles those anew
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=75", "-Xlog:aot*=error", "-XX:AOTCache=cache/clade.aot", "-jar", "clade.jar"]
