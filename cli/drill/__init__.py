"""The restore drill: a random sample is restored into a scratch folder, and the signed protocol is kept."""
