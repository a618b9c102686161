package dev.galen.examples.serve.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.galen.tensor.io.ErrorText;
import java.io.IOException;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Tokens of an identity provider (RFC 7519). The algorithm is the configured one, whatever a
 * token's header says, and asymmetric: who can check tokens must not be able to make them. The
 * issuer, the audience, the end of validity (a minute of leeway for clocks) and a subject are
 * required.
 */
public final class JwtVerifier {
  private static final Set<String> ALGORITHMS =
      Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");

  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
  private final Settings settings;

  /**
   * What is trusted.
   *
   * @param jwks file with the provider's public keys (RFC 7517)
   * @param algorithm that tokens are signed by, such as {@code RS256} or {@code ES256}
   * @param issuer the exact {@code iss}
   * @param audience what {@code aud} has to contain
   * @param roleClaim the claim that names roles: a text or a list of texts; a dot goes into an
   *     object, as in {@code realm_access.roles}
   * @param roles from the provider's names to ours; a token without one of them is refused
   */
  public record Settings(
      Path jwks,
      String algorithm,
      String issuer,
      String audience,
      String roleClaim,
      Map<String, Role> roles) {
    /** Checks the algorithm and that nothing is left open. */
    public Settings {
      if (!ALGORITHMS.contains(algorithm)) {
        throw new IllegalArgumentException(
            "the JWT algorithm is \"%s\", must be one of %s"
                .formatted(algorithm, String.join(", ", ALGORITHMS.stream().sorted().toList())));
      }
      if (issuer.isBlank() || audience.isBlank() || roleClaim.isBlank() || roles.isEmpty()) {
        throw new IllegalArgumentException(
            "a JWT needs an issuer, an audience, a claim of roles and the roles' names");
      }
      roles = Map.copyOf(roles);
    }
  }

  /**
   * Reads the provider's keys.
   *
   * @throws IOException in one line that names the file
   */
  public JwtVerifier(Settings settings) throws IOException {
    this.settings = settings;
    JWKSet keys;
    try {
      keys = JWKSet.load(settings.jwks().toFile());
    } catch (IOException e) {
      throw ErrorText.named(settings.jwks(), e);
    } catch (ParseException e) {
      throw new IOException(settings.jwks() + ": not a set of JSON web keys (RFC 7517)", e);
    }
    if (keys.getKeys().isEmpty()) {
      throw new IOException(settings.jwks() + ": has no key");
    }
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null)); // RFC 9068's, and none
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(
            JWSAlgorithm.parse(settings.algorithm()), new ImmutableJWKSet<>(keys)));
    processor.setJWTClaimsSetVerifier(
        new DefaultJWTClaimsVerifier<>(
            settings.audience(),
            new JWTClaimsSet.Builder().issuer(settings.issuer()).build(),
            Set.of("sub", "exp")));
  }

  /** Who {@code token} stands for; empty if it is not valid or names no role of ours. */
  public Optional<Principal> verify(String token) {
    JWTClaimsSet claims;
    try {
      claims = processor.process(token, null);
    } catch (ParseException | BadJOSEException | JOSEException e) {
      return Optional.empty();
    }
    String subject = claims.getSubject();
    return subject == null || subject.isBlank()
        ? Optional.empty()
        : role(claims).map(role -> new Principal("jwt:" + subject, subject, role));
  }

  private Optional<Role> role(JWTClaimsSet claims) {
    Object value = claims.getClaims();
    if (claims.getClaim(settings.roleClaim()) != null) {
      value = claims.getClaim(settings.roleClaim());
    } else {
      for (String part : settings.roleClaim().split("\\.")) {
        value = value instanceof Map<?, ?> map ? map.get(part) : null;
      }
    }
    Collection<?> names =
        value instanceof Collection<?> many ? many : value == null ? List.of() : List.of(value);
    return names.stream()
        .filter(String.class::isInstance)
        .map(name -> settings.roles().get(name))
        .filter(Objects::nonNull)
        .max(Role::compareTo);
  }
}
