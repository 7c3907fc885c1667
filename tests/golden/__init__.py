"""What is compared with a file that people have read and accepted."""
