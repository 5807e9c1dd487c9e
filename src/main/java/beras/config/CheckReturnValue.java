package beras.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method that gives a changed copy and leaves its own object as it is, or a class whose methods do: a call whose result
 * is not used does nothing.
 * Error Prone, IntelliJ IDEA, NetBeans and SpotBugs report such calls of methods with an annotation of this name, whatever its
 * package.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface CheckReturnValue {}
