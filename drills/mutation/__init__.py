"""What `drill mutants` is made of: the changes, and the forks in which the tests meet them."""
