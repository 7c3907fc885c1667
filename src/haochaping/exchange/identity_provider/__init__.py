"""The identity provider of a city (统一身份认证) by which officials may sign in, by OpenID Connect."""
