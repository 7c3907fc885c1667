"""Whatever is sent: nothing but declared refusals, no error of ours, and no record that decides for another."""
