package dev.galen.examples.serve.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JwtVerifierTest {
  @TempDir Path folder;

  private ECKey key;
  private JwtVerifier verifier;

  @BeforeEach
  void makeKey() throws Exception {
    key = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
    Path jwks = folder.resolve("jwks.json");
    Files.writeString(jwks, new JWKSet(key).toString(true));
    verifier = new JwtVerifier(settings(jwks, "realm_access.roles"));
  }

  private static JwtVerifier.Settings settings(Path jwks, String claim) {
    return new JwtVerifier.Settings(
        jwks,
        "ES256",
        "https://id.example",
        "galen",
        claim,
        Map.of("doctors", Role.READER, "leads", Role.REVIEWER));
  }

  private static JWTClaimsSet.Builder good() {
    return new JWTClaimsSet.Builder()
        .issuer("https://id.example")
        .audience("galen")
        .subject("u17")
        .expirationTime(Date.from(Instant.now().plusSeconds(300)))
        .claim("realm_access", Map.of("roles", List.of("doctors", "leads", "cooks")));
  }

  private String signed(JWTClaimsSet claims) throws Exception {
    return signed(claims, JWSAlgorithm.ES256, new ECDSASigner(key), JOSEObjectType.JWT);
  }

  private static String signed(
      JWTClaimsSet claims, JWSAlgorithm algorithm, JWSSigner signer, JOSEObjectType type)
      throws Exception {
    var header = new JWSHeader.Builder(algorithm).keyID("k1").type(type).build();
    var token = new SignedJWT(header, claims);
    token.sign(signer);
    return token.serialize();
  }

  @Test
  void aGoodTokenHasTheHighestOfItsRoles() throws Exception {
    var expected = Optional.of(new Principal("jwt:u17", "u17", Role.REVIEWER));
    assertEquals(expected, verifier.verify(signed(good().build())));
    var access = new JOSEObjectType("at+jwt");
    assertEquals(
        expected,
        verifier.verify(signed(good().build(), JWSAlgorithm.ES256, new ECDSASigner(key), access)));
    var flat = new JwtVerifier(settings(folder.resolve("jwks.json"), "https://x.example/role"));
    JWTClaimsSet one = good().claim("https://x.example/role", "doctors").build();
    assertEquals(
        Optional.of(new Principal("jwt:u17", "u17", Role.READER)), flat.verify(signed(one)));
  }

  @Test
  void everyOtherTokenIsRefused() throws Exception {
    var past = Date.from(Instant.now().minusSeconds(120));
    var later = Date.from(Instant.now().plusSeconds(600));
    for (JWTClaimsSet claims :
        List.of(
            good().issuer("https://evil.example").build(),
            good().audience("other").build(),
            good().expirationTime(past).build(),
            good().expirationTime(null).build(),
            good().notBeforeTime(later).build(),
            good().subject(null).build(),
            good().claim("realm_access", Map.of("roles", List.of("cooks"))).build(),
            good().claim("realm_access", "doctors").build(),
            good().claim("realm_access", null).build())) {
      assertEquals(Optional.empty(), verifier.verify(signed(claims)), claims.toString());
    }
    assertEquals(Optional.empty(), verifier.verify(new PlainJWT(good().build()).serialize()));
    // The public key as the secret of an HMAC: the classic confusion of algorithms.
    var mac = new MACSigner(key.toPublicJWK().toJSONString().getBytes("UTF-8"));
    assertEquals(
        Optional.empty(),
        verifier.verify(signed(good().build(), JWSAlgorithm.HS256, mac, JOSEObjectType.JWT)));
    var other = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
    assertEquals(
        Optional.empty(),
        verifier.verify(
            signed(
                good().build(), JWSAlgorithm.ES256, new ECDSASigner(other), JOSEObjectType.JWT)));
    String token = signed(good().build());
    for (String text :
        List.of("", ".", "a.b.c", token.substring(0, token.length() - 6) + "AAAAAA")) {
      assertEquals(Optional.empty(), verifier.verify(text), text);
    }
  }

  @Test
  void settingsAreChecked() throws IOException {
    for (String algorithm : List.of("none", "HS256", "es256")) {
      assertThrows(
          IllegalArgumentException.class,
          () ->
              new JwtVerifier.Settings(folder, algorithm, "i", "a", "r", Map.of("x", Role.READER)));
    }
    Path bad = folder.resolve("bad.json");
    Files.writeString(bad, "{}");
    assertThrows(IOException.class, () -> new JwtVerifier(settings(bad, "r")));
    assertThrows(
        IOException.class, () -> new JwtVerifier(settings(folder.resolve("none.json"), "r")));
  }
}
