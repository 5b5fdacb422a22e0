package clade.wronghouse.profiles;

public class Profile {}
